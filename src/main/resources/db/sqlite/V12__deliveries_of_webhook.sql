-- Which deliveries a webhook has, newest last. An index would take a page of its own for nearly every delivery; this table
-- is written a little later, for many deliveries of a webhook at a time.
CREATE TABLE webhook_deliveries (
    webhook_id  TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    PRIMARY KEY (webhook_id, delivery_id)
) WITHOUT ROWID;

INSERT INTO webhook_deliveries (webhook_id, delivery_id) SELECT webhook_id, id FROM deliveries ORDER BY webhook_id, id;

-- Deliveries below this identifier are all in the table above; from there on some may not be yet.
CREATE TABLE webhook_deliveries_complete (
    only  INTEGER PRIMARY KEY CHECK (only = 1),
    below TEXT NOT NULL
);

INSERT INTO webhook_deliveries_complete (only, below) SELECT 1, max(id) FROM deliveries HAVING max(id) IS NOT NULL;

DROP INDEX deliveries_by_webhook;
