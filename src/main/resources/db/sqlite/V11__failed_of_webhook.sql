-- What failed for one webhook is what is looked for most. Deliveries that succeed cost this index nothing.
CREATE INDEX deliveries_failed_of_webhook ON deliveries (webhook_id, id) WHERE status = 'failed';
