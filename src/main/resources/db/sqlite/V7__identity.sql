-- What tells this store from every other, such as when several servers take rows from one outbox.
CREATE TABLE identity (value TEXT PRIMARY KEY) WITHOUT ROWID;

INSERT INTO identity (value) VALUES (lower(hex(randomblob(16))));

-- What must be true of an event for a webhook to get it, and what makes the bodies of its requests.
ALTER TABLE webhooks ADD COLUMN filter TEXT;
ALTER TABLE webhooks ADD COLUMN transform TEXT;
