package io.longline.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.DeliveryId;
import io.longline.store.Commit.Touched;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** E8 under load: each delivery stands in the table of its webhook, or is above the identifier from which it may lack some. */
class DeliveryLedgerTest extends LedgerFixture {
    private static final int FEW = 3;
    private static final int MANY = 40;

    /** What a list of a webhook goes along: both parts, neither of which may have what the other has. */
    private static final String LISTED = "SELECT id FROM deliveries d WHERE d.id >= " + DeliveryLedger.COMPLETE
            + " UNION ALL SELECT delivery_id FROM webhook_deliveries WHERE delivery_id < " + DeliveryLedger.COMPLETE;

    private int made;
    private DeliveryLedger ledger;

    @BeforeEach
    void makeTheTables() throws Exception {
        makeTables("V1__first_schema", "V12__deliveries_of_webhook");
        // No crash of the machine is tried here.
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = OFF");
        }
        ledger = new DeliveryLedger(statements, clock::get);
    }

    private static DeliveryId delivery(int number) {
        return new DeliveryId("dlv_%026d".formatted(number));
    }

    private Touched row(int webhook, int number) throws SQLException {
        statements.update(
                """
                INSERT INTO deliveries (id, tenant, event_id, event_type, webhook_id, status, attempts, budget_used,
                    opened_at, payload_bytes, created_at)
                VALUES (?, 'default', ?, 't', ?, 'pending', 0, 0, 0, 2, 0)""", delivery(number).value(), "evt_" + number, webhook(webhook).value());
        return new Touched(webhook(webhook), delivery(number));
    }

    /** A transaction, not ended yet, makes so many deliveries, for one webhook after the other. */
    private void insert(int count, int webhooks) throws SQLException {
        statements.update("BEGIN IMMEDIATE");
        List<Touched> inserted = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            inserted.add(row(index % webhooks, ++made));
        }
        ledger.write(inserted);
    }

    private void commit() throws SQLException {
        statements.update("COMMIT");
        ledger.committed();
    }

    private void rollBack() throws SQLException {
        statements.update("ROLLBACK");
        ledger.rolledBack();
    }

    private void insertAndCommit(int count) throws SQLException {
        insert(count, MANY);
        commit();
    }

    private void catchUp() throws SQLException {
        ledger.hurry();
        insertAndCommit(0);
    }

    /** The process ends here and now, and another begins. */
    private void restart() throws SQLException {
        ledger = new DeliveryLedger(statements, clock::get);
        statements.update("BEGIN IMMEDIATE");
        ledger.recover();
        statements.update("COMMIT");
    }

    private List<String> ids(String sql) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql + " ORDER BY 1")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }

    private List<String> all() throws SQLException {
        return ids("SELECT id FROM deliveries");
    }

    private List<String> inTable() throws SQLException {
        return ids("SELECT delivery_id FROM webhook_deliveries");
    }

    private int aboveComplete() throws SQLException {
        return ids("SELECT id FROM deliveries WHERE id >= " + DeliveryLedger.COMPLETE)
                .size();
    }

    @Test
    void aFewDeliveries_areWrittenWithTheirCommit() throws Exception {
        insertAndCommit(FEW);

        assertThat(inTable()).isEqualTo(all()).hasSize(FEW);
        assertThat(ledger.isBehind()).isFalse();
    }

    @Test
    void manyDeliveries_areLeftForLater_andWrittenAfterASecond() throws Exception {
        insertAndCommit(MANY);
        assertThat(inTable()).isEmpty();
        assertThat(ledger.isBehind()).isTrue();

        clock.addAndGet(999);
        insertAndCommit(FEW);
        assertThat(inTable()).hasSize(FEW);

        clock.addAndGet(1);
        insertAndCommit(FEW);
        assertThat(inTable()).isEqualTo(all());
        assertThat(ledger.isBehind()).isFalse();
        assertThat(aboveComplete()).as("deliveries that are looked through").isLessThanOrEqualTo(1);
    }

    @Test
    void whenThereIsNothingElseToDo_theTableCatchesUpAtOnce() throws Exception {
        insertAndCommit(2 * MANY);

        catchUp();

        assertThat(inTable()).isEqualTo(all()).hasSize(2 * MANY);
        assertThat(ledger.isBehind()).isFalse();
    }

    @Test
    void theWorkOfACommit_isBounded() throws Exception {
        for (int commit = 0; commit < 50; commit++) {
            insertAndCommit(MANY);
        }
        clock.addAndGet(5_000);

        insertAndCommit(1);

        assertThat(inTable()).hasSize(512 + 1);
    }

    @Test
    void whatIsAdded_neverOutrunsWhatIsWritten() throws Exception {
        for (int commit = 0; commit < 40; commit++) {
            clock.addAndGet(250);
            insert(2_000, 1);
            commit();
        }

        assertThat(all().size() - inTable().size()).isLessThanOrEqualTo(6 * 2_000);
        assertThat(aboveComplete()).isLessThanOrEqualTo(7 * 2_000);
    }

    @Test
    void whenVeryManyWait_theirTimeIsNotWaitedFor() throws Exception {
        for (int commit = 0; commit < 15; commit++) {
            insert(2_000, 1);
            commit();
        }

        assertThat(all().size() - inTable().size()).isLessThanOrEqualTo(20_000 + 2_000);
    }

    @Test
    void oneAtATime_theStoredIdentifierStillRises() throws Exception {
        for (int commit = 0; commit < 1_500; commit++) {
            insertAndCommit(1);
        }

        assertThat(aboveComplete()).isLessThanOrEqualTo(512);
    }

    @Test
    void aDeliveryOlderThanTheStoredIdentifier_isWrittenAtOnce() throws Exception {
        made = 1_000;
        insertAndCommit(MANY);
        catchUp();
        made = 0;

        insertAndCommit(MANY);

        assertThat(inTable()).isEqualTo(all()).hasSize(2 * MANY);
        assertThat(ledger.isBehind()).isFalse();
    }

    @Test
    void whatIsRolledBack_isNeitherWrittenNorForgotten() throws Exception {
        insertAndCommit(MANY);
        clock.addAndGet(1_000);

        insert(MANY, MANY);
        rollBack();

        assertThat(inTable()).isEmpty();
        assertThat(ids(LISTED)).isEqualTo(all()).hasSize(MANY);
        insertAndCommit(1);
        assertThat(inTable()).isEqualTo(all()).hasSize(MANY + 1);
    }

    @Test
    void whatAnEarlierProcessHasLeft_isWrittenAtTheStart() throws Exception {
        insertAndCommit(MANY);
        insertAndCommit(FEW);

        restart();

        assertThat(inTable()).isEqualTo(all()).hasSize(MANY + FEW);
        assertThat(aboveComplete()).isEqualTo(1);
    }

    @Test
    void whatTheTableLacks_isKnown_andWhatIsDeletedGoes() throws Exception {
        insertAndCommit(MANY);
        assertThat(ledger.isWaiting(webhook(0), delivery(1).value())).isTrue();
        assertThat(ledger.isWaiting(webhook(1), delivery(1).value())).isFalse();

        catchUp();

        assertThat(ledger.isWaiting(webhook(0), delivery(1).value())).isFalse();
        ledger.delete(webhook(0), delivery(1).value());
        assertThat(inTable()).hasSize(MANY - 1).doesNotContain(delivery(1).value());
    }

    /** Whatever comes when, a list finds every delivery exactly once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyDelivery_isFoundOnce_afterEachStep(long seed) throws Exception {
        Random random = new Random(seed);
        int high = 500_000;
        Set<Integer> numbers = new HashSet<>();
        for (int step = 0; step < 60; step++) {
            clock.addAndGet(random.nextInt(400));
            statements.update("BEGIN IMMEDIATE");
            List<Touched> inserted = new ArrayList<>();
            int count = random.nextInt(4) == 0 ? random.nextInt(FEW) : random.nextInt(300);
            for (int index = 0; index < count; index++) {
                // Identifiers come nearly in order, and now and then one from long ago.
                int number = random.nextInt(500) == 0 ? random.nextInt(500_000) : (high += random.nextInt(3));
                if (index % 7 == 0) {
                    number -= random.nextInt(300);
                }
                if (numbers.add(number)) {
                    inserted.add(row(random.nextInt(1 + random.nextInt(60)), number));
                }
            }
            if (random.nextInt(20) == 0) {
                ledger.hurry();
            }
            ledger.write(inserted);
            if (random.nextInt(10) == 0) {
                rollBack();
            } else {
                commit();
            }
            if (random.nextInt(15) == 0) {
                restart();
            }
            assertThat(ids(LISTED)).as("step %s", step).isEqualTo(all());
        }
        while (ledger.isBehind()) {
            catchUp();
        }
        assertThat(inTable()).isEqualTo(all());
        assertThat(ids("SELECT h.delivery_id FROM webhook_deliveries h JOIN deliveries d ON d.id = h.delivery_id"
                        + " WHERE d.webhook_id <> h.webhook_id"))
                .isEmpty();
    }
}
