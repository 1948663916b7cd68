-- What a webhook's requests look like, and the template that makes them, if its format takes one.
ALTER TABLE webhooks ADD COLUMN format TEXT NOT NULL DEFAULT 'standard';
ALTER TABLE webhooks ADD COLUMN template TEXT;
