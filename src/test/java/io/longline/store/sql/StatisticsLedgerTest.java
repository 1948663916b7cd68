package io.longline.store.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.longline.model.WebhookId;
import io.longline.store.sql.Counted.Owner;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** E14 under load: what a commit has counted is in the tables at once, or in the journal until it is, and never twice. */
class StatisticsLedgerTest extends LedgerFixture {
    private static final int FEW = 3;
    private static final int MANY = 40;
    private static final long MINUTE = 60_000;

    private final Map<String, Long> expected = new HashMap<>();
    private StatisticsLedger ledger;

    @BeforeEach
    void makeTheTables() throws Exception {
        makeTables("V1__first_schema", "V10__shadow");
        ledger = new StatisticsLedger(statements, clock::get);
    }

    /** So many webhooks have an attempt each, in one transaction that is not ended yet. */
    private Counted count(int webhooks) throws SQLException {
        statements.update("BEGIN IMMEDIATE");
        Counted counted = new Counted();
        for (int number = 0; number < webhooks; number++) {
            counted.made(webhook(number), MINUTE);
            counted.waiting(webhook(number), "default", 1, 0);
            counted.attempt(webhook(number), "default", true, 10, MINUTE);
        }
        return counted;
    }

    private void commit(Counted counted) throws SQLException {
        for (Owner owner : counted.figures().keySet()) {
            long pending = counted.figures().get(owner).pending;
            expected.merge(owner.id(), pending, Long::sum);
            if (owner.id().equals("default")) {
                expected.merge("*", pending, Long::sum);
            }
        }
        ledger.write(counted);
        statements.update("COMMIT");
        ledger.committed();
    }

    /** The process ends here and now, and another begins. */
    private void restart() throws SQLException {
        ledger = new StatisticsLedger(statements, clock::get);
        statements.update("BEGIN IMMEDIATE");
        ledger.recover();
        statements.update("COMMIT");
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private long pendingOf(int webhook) throws SQLException {
        return number("SELECT pending FROM webhook_totals WHERE webhook_id = 'wh_" + webhook + "'");
    }

    private long entries() throws SQLException {
        return number("SELECT count(*) FROM counted_journal");
    }

    @Test
    void filteredEvents_areJournaled_andEntriesOfBeforeTheyWereAreRead() {
        Counted counted = new Counted();
        counted.made(webhook(1), MINUTE);
        byte[] before = CountedCodec.encode(counted);
        counted.filtered(webhook(2));
        counted.filtered(webhook(2));

        Counted read = CountedCodec.decode(CountedCodec.encode(counted));

        assertThat(read.of(Counted.webhook(webhook(2))).filtered).isEqualTo(2);
        assertThat(read.of(Counted.webhook(webhook(1))).filtered).isZero();
        assertThat(CountedCodec.decode(before).of(Counted.webhook(webhook(1))).minute(MINUTE).accepted)
                .isEqualTo(1);
    }

    @Test
    void fewOwners_areWrittenWithWhatIsCounted() throws SQLException {
        commit(count(FEW));

        assertThat(pendingOf(0)).isEqualTo(1);
        assertThat(entries()).isZero();
        assertThat(ledger.isBehind()).isFalse();
    }

    @Test
    void manyOwners_areJournaled_andWrittenOnceTheyHaveWaited() throws SQLException {
        commit(count(MANY));
        assertThat(entries()).isEqualTo(1);
        assertThat(pendingOf(0)).isZero();

        clock.addAndGet(250);
        commit(count(0));

        assertThat(pendingOf(0)).isEqualTo(1);
        assertThat(pendingOf(MANY - 1)).isEqualTo(1);
        assertThat(entries()).isZero();
        assertThat(ledger.isBehind()).isFalse();
    }

    @Test
    void whatAnOperationReads_isBroughtUpToDateBefore() throws SQLException {
        commit(count(MANY));

        Counted counted = count(FEW);
        ledger.show(Counted.webhook(webhook(1)), counted);
        long shown = pendingOf(1);
        commit(counted);

        assertThat(shown).isEqualTo(2);
        restart();
        assertThat(pendingOf(1)).isEqualTo(2);
        assertThat(pendingOf(2)).isEqualTo(2);
    }

    @Test
    void aTransactionThatCameToNothing_leavesNothing() throws SQLException {
        commit(count(MANY));
        rollBack(count(MANY));

        restart();

        assertThat(pendingOf(0)).isEqualTo(1);
    }

    @Test
    void aCommitHasNoMoreToDoThanItsShare_howeverMuchWaits() throws SQLException {
        commit(count(500));
        clock.addAndGet(250);

        commit(count(0));

        assertThat(number("SELECT count(*) FROM webhook_totals")).isLessThanOrEqualTo(64);
        assertThat(entries()).isEqualTo(1);
        assertThat(ledger.isBehind()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverHappens_everythingIsCountedOnce(long seed) throws SQLException {
        Random chance = new Random(seed);
        for (int round = 0; round < 300; round++) {
            clock.addAndGet(chance.nextInt(200));
            Counted counted = count(chance.nextInt(3) == 0 ? chance.nextInt(FEW) : chance.nextInt(MANY));
            Map<String, Long> before = new HashMap<>(expected);
            if (chance.nextInt(4) == 0) {
                Owner owner = Counted.webhook(webhook(chance.nextInt(MANY)));
                Figures more = counted.figures().get(owner);
                expected.merge(owner.id(), more == null ? 0 : more.pending, Long::sum);
                ledger.show(owner, counted);
                if (chance.nextBoolean()) {
                    counted.waiting(new WebhookId(owner.id()), "default", 1, 0);
                }
            }
            if (chance.nextInt(8) == 0) {
                ledger.hurry();
            }
            switch (chance.nextInt(12)) {
                case 0 -> {
                    rollBack(counted);
                    expected.clear();
                    expected.putAll(before);
                }
                case 1 -> {
                    commit(counted);
                    restart();
                }
                default -> commit(counted);
            }
        }

        restart();

        for (int number = 0; number < MANY; number++) {
            assertThat(pendingOf(number)).as("webhook %d", number).isEqualTo(expected.getOrDefault("wh_" + number, 0L));
        }
        long all = number("SELECT pending FROM tenant_totals WHERE tenant = '*'");
        assertThat(all).isEqualTo(expected.get("*"));
        assertThat(number("SELECT sum(attempts_succeeded) FROM webhook_stats"))
                .isEqualTo(number("SELECT sum(attempts_succeeded) FROM webhook_totals"))
                .isEqualTo(number("SELECT attempts_succeeded FROM tenant_stats WHERE tenant = '*'"));
        assertThat(entries()).isZero();
    }

    private void rollBack(Counted counted) throws SQLException {
        ledger.write(counted);
        statements.update("ROLLBACK");
        ledger.rolledBack();
    }
}
