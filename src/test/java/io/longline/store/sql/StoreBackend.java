package io.longline.store.sql;

import io.longline.model.IdGenerator;
import io.longline.store.Store;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;

/** What the contract suite needs of a database. */
public interface StoreBackend {
    /** Opens the store, making the database where needed. */
    Future<Store> open(Vertx vertx, IdGenerator ids);

    /** A plain connection to the same database, which knows nothing of the store's own. */
    Connection plain() throws SQLException;

    /** Begins a transaction on a plain connection that keeps the store's writer waiting until it ends. */
    void lockOut(Connection plain) throws SQLException;

    /** The query for rows that belong to what is not there, or are missing where they belong. */
    String strayRows();
}
