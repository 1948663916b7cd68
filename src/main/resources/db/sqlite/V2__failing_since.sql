-- Since when a webhook's circuit has not been closed, in milliseconds; a webhook that fails for too long is disabled.
ALTER TABLE webhooks ADD COLUMN failing_since INTEGER;
