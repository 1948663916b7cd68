package io.longline.store.sqlite;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tells faults of the store from faults of an operation, and says what they mean. */
final class SqliteFaults {
    private static final int PRIMARY_CODE = 0xFF;

    private SqliteFaults() {}

    /** Whether every other operation would fare alike: the disk, the file, a lock. */
    static boolean isStoreAtFault(SQLException fault) {
        return switch (code(fault)) {
            case SQLITE_FULL,
                    SQLITE_IOERR,
                    SQLITE_READONLY,
                    SQLITE_CORRUPT,
                    SQLITE_NOTADB,
                    SQLITE_BUSY,
                    SQLITE_LOCKED,
                    SQLITE_CANTOPEN,
                    SQLITE_NOMEM,
                    SQLITE_PROTOCOL,
                    SQLITE_PERM,
                    SQLITE_INTERRUPT -> true;
            default -> false;
        };
    }

    /** Whether the disk did not keep what was written before. */
    static boolean isFlush(SQLException fault) {
        return fault instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_FSYNC;
    }

    /** What is wrong, in words of our own, which a caller may see too. */
    static String describe(SQLException fault) {
        return switch (code(fault)) {
            case SQLITE_FULL -> "the disk is full";
            case SQLITE_IOERR -> "the disk reports an error";
            case SQLITE_READONLY, SQLITE_PERM -> "the database file is read-only";
            case SQLITE_CORRUPT -> "the database file is damaged";
            case SQLITE_NOTADB -> "the file is not a database";
            case SQLITE_BUSY, SQLITE_LOCKED -> "the database is locked by another process";
            case SQLITE_CANTOPEN -> "the database file cannot be opened";
            case SQLITE_NOMEM -> "the database has too little memory";
            case SQLITE_PROTOCOL -> "the database's locks are in disorder";
            case SQLITE_INTERRUPT -> "the database was interrupted";
            default -> "the database reports " + code(fault);
        };
    }

    /** The primary result code; extended ones refine it. */
    static SQLiteErrorCode code(SQLException fault) {
        if (fault instanceof SQLiteException sqlite) {
            return SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY_CODE);
        }
        return SQLiteErrorCode.getErrorCode(fault.getErrorCode() & PRIMARY_CODE);
    }
}
