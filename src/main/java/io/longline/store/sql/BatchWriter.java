package io.longline.store.sql;

import io.longline.store.Commit;
import io.longline.store.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes operations as one transaction. Called by one thread. */
public interface BatchWriter extends AutoCloseable {
    /**
     * What became of one operation.
     *
     * @param value what the operation answers, {@code null} for those that answer nothing and for faulty ones
     * @param fault why it was not written, {@code null} when it was
     */
    record Answer(@Nullable Object value, @Nullable RuntimeException fault) {}

    /** A transaction that is durable: one answer for each operation, in their order. */
    record Written(List<Answer> answers, Commit commit) {}

    /**
     * Writes all or none, at full speed.
     *
     * @throws io.longline.store.StoreUnavailableException when the store is at fault; nothing was written
     * @throws RuntimeException when some operation is at fault; nothing was written
     */
    Written writeTogether(List<Operation<?>> operations);

    /**
     * Writes each operation that can be, and answers the fault of each that cannot.
     *
     * @throws io.longline.store.StoreUnavailableException when the store is at fault; nothing was written
     */
    Written writeSingly(List<Operation<?>> operations);

    /** Whether tables that follow commits wait to be brought up to date, which a {@code CatchUp} job does. */
    boolean isBehind();

    @Override
    void close();
}
