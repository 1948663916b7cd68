package io.longline.store.sqlite;

import io.longline.config.Settings;
import io.longline.model.IdGenerator;
import io.longline.model.TimeSource;
import io.longline.store.Store;
import io.longline.store.sql.StoreBackend;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;

/** One SQLite file in a folder. */
record SqliteBackend(Path file) implements StoreBackend {
    static SqliteBackend in(Path folder) {
        return new SqliteBackend(folder.resolve("longline.db"));
    }

    Settings.Store settings() {
        return new Settings.Store("sqlite:" + file, "full", 4);
    }

    @Override
    public Future<Store> open(Vertx vertx, IdGenerator ids) {
        return SqliteStore.open(vertx, settings(), ids, new TimeSource(Clock.systemUTC(), System::nanoTime))
                .map(store -> store);
    }

    @Override
    public Connection plain() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    @Override
    public void lockOut(Connection plain) throws SQLException {
        try (Statement statement = plain.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
        }
    }

    @Override
    public String strayRows() {
        return """
                SELECT "table", rowid FROM pragma_foreign_key_check()
                UNION ALL
                SELECT 'listed, and not there', delivery_id FROM webhook_deliveries h WHERE NOT EXISTS
                    (SELECT 1 FROM deliveries WHERE id = h.delivery_id AND webhook_id = h.webhook_id)
                UNION ALL
                SELECT 'not listed', id FROM deliveries d WHERE id < (SELECT below FROM webhook_deliveries_complete)
                    AND NOT EXISTS (SELECT 1 FROM webhook_deliveries
                                    WHERE webhook_id = d.webhook_id AND delivery_id = d.id)""";
    }
}
