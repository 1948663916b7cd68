-- Whether a webhook's requests are made and recorded, but not sent.
ALTER TABLE webhooks ADD COLUMN shadow INTEGER NOT NULL DEFAULT 0;

-- How many events a webhook's filter kept from it.
ALTER TABLE webhook_totals ADD COLUMN filtered INTEGER NOT NULL DEFAULT 0;
