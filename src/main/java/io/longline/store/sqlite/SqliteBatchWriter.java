package io.longline.store.sqlite;

import io.longline.store.Operation;
import io.longline.store.StoreUnavailableException;
import io.longline.store.sql.BatchWriter;
import io.longline.store.sql.Effects;
import io.longline.store.sql.OperationWriter;
import io.longline.store.sql.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to SQLite over the one connection that writes. Transactions are begun and ended by statements of their own, so
 * that no driver's notion of auto-commit comes between.
 */
final class SqliteBatchWriter implements BatchWriter {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteBatchWriter.class);

    private final Connection connection;
    private final Checkpoints checkpoints;
    private final Statements statements;
    private final OperationWriter operations;

    /** @param monotonicMillis tells how long something has waited to be written to its table */
    SqliteBatchWriter(Connection connection, Checkpoints checkpoints, LongSupplier monotonicMillis) {
        this.connection = connection;
        this.checkpoints = checkpoints;
        this.statements = new Statements(connection);
        this.operations = new OperationWriter(statements, this::returnPages, monotonicMillis);
    }

    /** Finishes what an earlier process has begun. To be called once, before anything is written. */
    void recover() throws SQLException {
        // Left to itself the driver tries, after every statement, whether there is a transaction of its own to end.
        connection.setAutoCommit(false);
        execute("COMMIT");
        execute("BEGIN IMMEDIATE");
        operations.recover();
        execute("COMMIT");
    }

    @Override
    public boolean isBehind() {
        return operations.isBehind();
    }

    @Override
    public Written writeTogether(List<Operation<?>> batch) {
        return transaction(weight(batch), effects -> {
            List<Answer> answers = new ArrayList<>(batch.size());
            for (Operation<?> operation : batch) {
                operations.showTotals(operation, effects);
                answers.add(new Answer(operations.write(operation, effects), null));
            }
            return answers;
        });
    }

    @Override
    public Written writeSingly(List<Operation<?>> batch) {
        return transaction(weight(batch), effects -> {
            List<Answer> answers = new ArrayList<>(batch.size());
            for (Operation<?> operation : batch) {
                operations.showTotals(operation, effects);
                answers.add(writeAlone(operation, effects));
            }
            return answers;
        });
    }

    private Answer writeAlone(Operation<?> operation, Effects effects) throws SQLException {
        Effects own = effects.own();
        execute("SAVEPOINT operation");
        try {
            Object value = operations.write(operation, own);
            execute("RELEASE operation");
            effects.add(own);
            return new Answer(value, null);
        } catch (SQLException | RuntimeException fault) {
            if (fault instanceof SQLException sql && SqliteFaults.isStoreAtFault(sql)) {
                throw sql;
            }
            LOG.error(
                    "an operation is refused: {} ({})",
                    operation.getClass().getSimpleName(),
                    fault.getMessage(),
                    fault);
            execute("ROLLBACK TO operation");
            execute("RELEASE operation");
            operations.rolledBack();
            return new Answer(null, new IllegalStateException("the store refused the operation", fault));
        }
    }

    private interface Body {
        List<Answer> write(Effects effects) throws SQLException;
    }

    private static int weight(List<Operation<?>> batch) {
        int weight = 0;
        for (Operation<?> operation : batch) {
            weight += operation.weight();
        }
        return weight;
    }

    private Written transaction(int weight, Body body) {
        if (checkpoints.lostWrites()) {
            throw new StoreUnavailableException(
                    "the disk has failed to keep what was written; start the program again");
        }
        Effects effects = new Effects();
        try {
            execute("BEGIN IMMEDIATE");
            List<Answer> answers = body.write(effects);
            operations.writeEffects(effects);
            execute("COMMIT");
            operations.committed(effects);
            checkpoints.committed(connection, weight);
            return new Written(answers, effects.commit());
        } catch (SQLException fault) {
            rollBack();
            if (SqliteFaults.isStoreAtFault(fault)) {
                throw new StoreUnavailableException(SqliteFaults.describe(fault));
            }
            throw new IllegalStateException(fault.getMessage(), fault);
        } catch (RuntimeException fault) {
            rollBack();
            throw fault;
        }
    }

    private void rollBack() {
        operations.transactionRolledBack();
        try {
            execute("ROLLBACK");
        } catch (SQLException alreadyOver) {
            // SQLite rolls back by itself after some faults; then there is nothing left to end.
            LOG.debug("nothing to roll back: {}", alreadyOver.getMessage());
        }
    }

    private void execute(String sql) throws SQLException {
        statements.update(sql);
    }

    private int returnPages(int most) throws SQLException {
        long before = freePages();
        if (before == 0) {
            return 0;
        }
        // Each step of the statement frees one page, and it has no columns, so that it can be neither queried nor
        // prepared: only text executed whole is run to its end.
        try (Statement vacuum = connection.createStatement()) {
            vacuum.executeUpdate("PRAGMA incremental_vacuum(" + most + ")");
        }
        // What it did counts, not what it was asked for: in a file that keeps its pages it does nothing.
        return (int) (before - freePages());
    }

    private long freePages() throws SQLException {
        long[] free = {0};
        statements.query("PRAGMA freelist_count", row -> free[0] = row.number("freelist_count"));
        return free[0];
    }

    @Override
    public void close() {
        checkpoints.end();
        if (!checkpoints.lostWrites()) {
            tidyUp();
        }
        // With the last connection SQLite would take the log away, which alone may have it all.
        if (!checkpoints.lostWrites()) {
            closeConnection();
        }
    }

    private void tidyUp() {
        try (Statement last = connection.createStatement()) {
            statements.close();
            last.execute("PRAGMA optimize");
            last.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException fault) {
            LOG.warn("the store could not be tidied up at its close: {}", SqliteFaults.describe(fault));
            checkpoints.failed(fault);
        }
    }

    private void closeConnection() {
        try {
            connection.close();
        } catch (SQLException fault) {
            LOG.warn("the store could not be closed: {}", SqliteFaults.describe(fault));
        }
    }
}
