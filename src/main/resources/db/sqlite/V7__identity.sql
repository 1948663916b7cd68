-- What tells this store from every other, such as when several servers take rows from one outbox.
CREATE TABLE identity (value TEXT PRIMARY KEY) WITHOUT ROWID;

INSERT INTO identity (value) VALUES (lower(hex(randomblob(16))));
