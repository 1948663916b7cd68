package io.longline.store.sqlite;

import io.longline.store.sql.DeletionContract;
import io.longline.store.sql.FaultyOperationsContract;
import io.longline.store.sql.IdempotencyContract;
import io.longline.store.sql.ListsContract;
import io.longline.store.sql.ManualContract;
import io.longline.store.sql.OperationsContract;
import io.longline.store.sql.RetentionContract;
import io.longline.store.sql.StatisticsContract;
import io.longline.store.sql.StoreBackend;
import io.longline.store.sql.TogetherContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/** The store's contract, kept by SQLite. */
class SqliteStoreTest {
    @Nested
    class Operations extends OperationsContract {
        @Override
        protected StoreBackend backend(Path folder) {
            return SqliteBackend.in(folder);
        }
    }

    @Nested
    class FaultyOperations extends FaultyOperationsContract {
        @Override
        protected StoreBackend backend(Path folder) {
            return SqliteBackend.in(folder);
        }
    }

    @Nested
    class Together extends TogetherContract {
        @Override
        protected StoreBackend backend(Path folder) {
            return SqliteBackend.in(folder);
        }
    }

    @Nested
    class Manual extends ManualContract {
        @Override
        protected StoreBackend backend(Path folder) {
            return SqliteBackend.in(folder);
        }
    }

    @Nested
    class Idempotency extends IdempotencyContract {
        @Override
        protected StoreBackend backend(Path folder) {
            return SqliteBackend.in(folder);
        }
    }

    @Nested
    class Deletion extends DeletionContract {
        @Override
        protected StoreBackend backend(Path folder) {
            return SqliteBackend.in(folder);
        }
    }

    @Nested
    class Retention extends RetentionContract {
        @Override
        protected StoreBackend backend(Path folder) {
            return SqliteBackend.in(folder);
        }
    }

    @Nested
    class Statistics extends StatisticsContract {
        @Override
        protected StoreBackend backend(Path folder) {
            return SqliteBackend.in(folder);
        }
    }

    @Nested
    class Lists extends ListsContract {
        @Override
        protected StoreBackend backend(Path folder) {
            return SqliteBackend.in(folder);
        }
    }
}
