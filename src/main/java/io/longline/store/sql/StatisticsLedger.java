package io.longline.store.sql;

import io.longline.store.sql.Counted.Owner;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Brings what commits have counted into the tables of statistics. A commit that counts for a few webhooks adds to their
 * rows at once. A larger one, as there are under load, writes all that it has counted as a single row of a journal, which
 * costs one page instead of several for each webhook; the tables follow within a fraction of a second, a bounded number
 * of owners at a time, the one that has waited longest first. Nothing is lost by a crash in between: whatever the journal
 * holds that an owner's rows do not is added to them at the next start.
 *
 * <p>Each owner's total tells up to which entry of the journal its rows have all. Entries that every owner's rows have are
 * deleted.
 *
 * <p>Part of the transaction that is open: {@link #committed} or {@link #rolledBack} tells what became of it. For one
 * thread.
 */
final class StatisticsLedger {
    /** Owners whose rows are written along with what was counted; beyond it the journal is cheaper. */
    private static final int WRITTEN_AT_ONCE = 10;
    /** What is in the journal is in the tables after this long, unless there is too much of it. */
    private static final long WAITS_MILLIS = 250;

    private static final int MOST_A_COMMIT = 64;
    /** Past this age, and when nothing else is to be done, more is done at a time. */
    private static final long LATE_MILLIS = 2_000;

    private static final int MOST_WHEN_LATE = 512;

    private static final String INSERT_ENTRY = "INSERT INTO counted_journal (id, counted) VALUES (?, ?)";
    private static final String DELETE_ENTRIES = "DELETE FROM counted_journal WHERE id < ?";
    private static final String SELECT_ENTRIES = "SELECT id, counted FROM counted_journal WHERE id > ? ORDER BY id";
    private static final String SELECT_LAST_ENTRY = "SELECT counted_to FROM tenant_totals WHERE tenant = ?";

    private final Statements statements;
    private final CountedWriter writer;
    private final LongSupplier monotonicMillis;
    /** What the journal has and the tables have not, in the order in which it waits. */
    private final Map<Owner, Waiting> waiting = new LinkedHashMap<>();

    private long lastEntry;
    private long firstEntry = 1;

    // What the open transaction does.
    private final Set<Owner> shown = new HashSet<>();
    private final Map<Owner, Figures> journaled = new LinkedHashMap<>();
    private boolean hurry;
    private boolean journals;
    private long keepsFrom;

    /** What waits for one owner, and the first entry that has some of it. */
    private record Waiting(Figures figures, long sinceEntry, long sinceMillis) {}

    StatisticsLedger(Statements statements, LongSupplier monotonicMillis) {
        this.statements = statements;
        this.writer = new CountedWriter(statements);
        this.monotonicMillis = monotonicMillis;
    }

    /** Reads what an earlier process has left in the journal, and adds it to the tables, all of it. */
    void recover() throws SQLException {
        Map<Long, Counted> entries = new LinkedHashMap<>();
        statements.query(SELECT_LAST_ENTRY, row -> lastEntry = row.number("counted_to"), Counted.ALL_TENANTS);
        statements.query(
                SELECT_ENTRIES, row -> entries.put(row.number("id"), CountedCodec.decode(row.bytes("counted"))), 0);
        Map<Owner, Figures> missing = new LinkedHashMap<>();
        for (Map.Entry<Long, Counted> entry : entries.entrySet()) {
            lastEntry = Math.max(lastEntry, entry.getKey());
            for (Map.Entry<Owner, Figures> each : entry.getValue().figures().entrySet()) {
                if (entry.getKey() > writer.countedTo(each.getKey())) {
                    missing.computeIfAbsent(each.getKey(), owner -> new Figures())
                            .add(each.getValue());
                }
            }
        }
        for (Map.Entry<Owner, Figures> each : missing.entrySet()) {
            writer.write(each.getKey(), each.getValue(), lastEntry);
        }
        statements.update(DELETE_ENTRIES, lastEntry + 1);
        firstEntry = lastEntry + 1;
    }

    /** Whether the tables lack something that the journal has. */
    boolean isBehind() {
        return !waiting.isEmpty();
    }

    /** The open transaction has nothing better to do than to bring the tables up to date. */
    void hurry() {
        hurry = true;
    }

    /** Brings one owner's rows up to date with all that was counted so far, for an operation that reads them. */
    void show(Owner owner, Counted counted) throws SQLException {
        Figures figures = new Figures();
        addWaiting(owner, figures);
        Figures more = counted.take(owner);
        if (more != null) {
            figures.add(more);
        }
        writer.write(owner, figures, lastEntry);
        shown.add(owner);
    }

    /** Takes what the transaction has counted. To be called once, right before the commit. */
    void write(Counted counted) throws SQLException {
        long now = monotonicMillis.getAsLong();
        counted.sumUp();
        keepsFrom = firstEntry;
        journals = counted.figures().size() > WRITTEN_AT_ONCE;
        if (journals) {
            statements.update(INSERT_ENTRY, lastEntry + 1, CountedCodec.encode(counted));
            journaled.putAll(counted.figures());
        } else {
            for (Map.Entry<Owner, Figures> each : counted.figures().entrySet()) {
                write(each.getKey(), each.getValue(), lastEntry);
            }
        }
        catchUp(now);
        trim();
    }

    private void catchUp(long now) throws SQLException {
        List<Owner> due = new ArrayList<>();
        int most = MOST_A_COMMIT;
        for (Map.Entry<Owner, Waiting> each : waiting.entrySet()) {
            long age = now - each.getValue().sinceMillis;
            most = hurry || age > LATE_MILLIS ? MOST_WHEN_LATE : most;
            if (due.size() >= most || (!hurry && age < WAITS_MILLIS)) {
                break;
            }
            if (!shown.contains(each.getKey())) {
                due.add(each.getKey());
            }
        }
        for (Owner owner : due) {
            Figures counted = journaled.remove(owner);
            write(owner, counted == null ? new Figures() : counted, journals ? lastEntry + 1 : lastEntry);
        }
    }

    /** Adds figures of this transaction, and whatever waits, to an owner's rows. */
    private void write(Owner owner, Figures counted, long upTo) throws SQLException {
        Figures figures = new Figures();
        figures.add(counted);
        addWaiting(owner, figures);
        writer.write(owner, figures, upTo);
        shown.add(owner);
    }

    private void addWaiting(Owner owner, Figures figures) {
        Waiting before = waiting.get(owner);
        if (before != null && !shown.contains(owner)) {
            figures.add(before.figures);
        }
    }

    /** Deletes the entries that nobody waits for any more. */
    private void trim() throws SQLException {
        long oldest = journaled.isEmpty() ? lastEntry + 2 : lastEntry + 1;
        for (Map.Entry<Owner, Waiting> each : waiting.entrySet()) {
            if (!shown.contains(each.getKey())) {
                oldest = Math.min(oldest, each.getValue().sinceEntry);
                break;
            }
        }
        if (oldest > firstEntry && (journals || firstEntry <= lastEntry)) {
            statements.update(DELETE_ENTRIES, oldest);
            keepsFrom = oldest;
        }
    }

    /** The transaction is durable. */
    void committed() {
        waiting.keySet().removeAll(shown);
        if (journals) {
            lastEntry++;
            long now = monotonicMillis.getAsLong();
            journaled.forEach((owner, figures) -> {
                Waiting before = waiting.get(owner);
                if (before == null) {
                    waiting.put(owner, new Waiting(figures, lastEntry, now));
                } else {
                    before.figures.add(figures);
                }
            });
        }
        firstEntry = Math.min(keepsFrom, lastEntry + 1);
        rolledBack();
    }

    /** The transaction came to nothing. */
    void rolledBack() {
        shown.clear();
        journaled.clear();
        hurry = false;
        journals = false;
    }
}
