package io.longline;

import io.longline.config.Settings;
import io.longline.store.sqlite.SqliteBackup;
import io.longline.store.sqlite.SqliteBackup.Copied;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;

/** Copies a store, a server being at work on it or not, and puts copies back where none is. */
public final class BackupDesk {
    private final Vertx vertx;
    private final SqliteBackup backup;

    /** How far a copy is. */
    public interface Progress extends SqliteBackup.Progress {}

    /**
     * What a copy holds.
     *
     * @param bytes how large it is
     * @param webhooks rows, deleted ones included
     */
    public record Summary(long bytes, long webhooks, long events, long deliveries, String newestAt) {
        private static Summary of(Copied copied) {
            return new Summary(
                    copied.bytes(),
                    copied.rows().getOrDefault("webhooks", 0L),
                    copied.rows().getOrDefault("events", 0L),
                    copied.rows().getOrDefault("deliveries", 0L),
                    copied.newestAt() == null ? "" : copied.newestAt().toString());
        }
    }

    public BackupDesk(Vertx vertx, Settings settings, Progress progress) {
        this.vertx = vertx;
        this.backup = new SqliteBackup(settings.store(), progress);
    }

    /** Writes a checked copy to a file that must not exist; fails with a line for the operator. */
    public Future<Summary> backUp(Path file) {
        return vertx.executeBlocking(() -> Summary.of(backup.backUp(file)), false);
    }

    /** Puts a copy in the store's place; fails with a line for the operator. */
    public Future<Summary> restore(Path file, boolean force) {
        return vertx.executeBlocking(() -> Summary.of(backup.restore(file, force)), false);
    }
}
