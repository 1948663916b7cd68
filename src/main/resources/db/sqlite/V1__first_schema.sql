-- Columns that the API shows as they are hold ISO text; the engine's own times are milliseconds since the epoch.
-- Identifiers sort by time, so that they serve as page cursors and as bounds in time.

CREATE TABLE webhooks (
    id                         TEXT PRIMARY KEY,
    tenant                     TEXT    NOT NULL,
    url                        TEXT    NOT NULL,
    events                     TEXT    NOT NULL,
    secret                     TEXT,
    previous_secret            TEXT,
    previous_secret_expires_at INTEGER,
    active                     INTEGER NOT NULL,
    paused                     INTEGER NOT NULL,
    retry_count                INTEGER NOT NULL,
    retry_delay                INTEGER NOT NULL,
    retry_schedule             TEXT,
    timeout                    INTEGER NOT NULL,
    headers                    TEXT    NOT NULL,
    metadata                   TEXT    NOT NULL,
    description                TEXT,
    rate_limit                 DOUBLE,
    max_in_flight              INTEGER,
    disabled_reason            TEXT,
    circuit                    TEXT    NOT NULL,
    circuit_retry_at           INTEGER,
    version                    INTEGER NOT NULL,
    deleted_at                 INTEGER,
    -- Set while deliveries of a deleted webhook still wait to be rewritten as cancelled.
    cancelling                 INTEGER NOT NULL DEFAULT 0,
    created_at                 TEXT    NOT NULL,
    updated_at                 TEXT    NOT NULL
) WITHOUT ROWID;

CREATE INDEX webhooks_by_tenant ON webhooks (tenant, id) WHERE deleted_at IS NULL;
CREATE INDEX webhooks_cancelling ON webhooks (id) WHERE cancelling = 1;
CREATE INDEX webhooks_deleted ON webhooks (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE events (
    id             TEXT PRIMARY KEY,
    tenant         TEXT    NOT NULL,
    type           TEXT    NOT NULL,
    payload        BLOB    NOT NULL,
    occurred_at    INTEGER NOT NULL,
    delivery_count INTEGER NOT NULL,
    filtered       INTEGER NOT NULL DEFAULT 0,
    created_at     INTEGER NOT NULL
);

-- Most installations have one tenant and pay nothing for this one.
CREATE INDEX events_by_tenant ON events (tenant, id) WHERE tenant <> 'default';

CREATE TABLE idempotency (
    tenant      TEXT    NOT NULL,
    scope       TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    body_sha256 TEXT    NOT NULL,
    answer      TEXT    NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (tenant, scope, key)
) WITHOUT ROWID;

CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

CREATE TABLE deliveries (
    id                 TEXT PRIMARY KEY,
    tenant             TEXT    NOT NULL,
    event_id           TEXT    NOT NULL REFERENCES events (id),
    event_type         TEXT    NOT NULL,
    webhook_id         TEXT    NOT NULL REFERENCES webhooks (id),
    status             TEXT    NOT NULL,
    attempts           INTEGER NOT NULL,
    budget_used        INTEGER NOT NULL,
    last_response_code INTEGER,
    reason             TEXT,
    next_attempt_at    INTEGER,
    opened_at          INTEGER NOT NULL,
    payload_bytes      INTEGER NOT NULL,
    created_at         INTEGER NOT NULL,
    finished_at        INTEGER
) WITHOUT ROWID;

-- The two that feed the lanes: one seek finds what waits for a webhook.
CREATE INDEX deliveries_first ON deliveries (webhook_id, next_attempt_at, id) WHERE status = 'pending' AND attempts = 0;
CREATE INDEX deliveries_retry ON deliveries (webhook_id, next_attempt_at, id) WHERE status = 'pending' AND attempts > 0;
-- The ones behind the lists.
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, id);
CREATE UNIQUE INDEX deliveries_by_event ON deliveries (event_id, webhook_id);
CREATE INDEX deliveries_unhappy ON deliveries (status, id) WHERE status IN ('failed', 'cancelled');
CREATE INDEX deliveries_retrying ON deliveries (id) WHERE status = 'pending' AND attempts > 0;
CREATE INDEX deliveries_by_tenant ON deliveries (tenant, id) WHERE tenant <> 'default';

CREATE TABLE delivery_attempts (
    id                  TEXT    NOT NULL,
    delivery_id         TEXT    NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    webhook_id          TEXT    NOT NULL,
    payload_id          TEXT    NOT NULL,
    attempt_number      INTEGER NOT NULL,
    status              TEXT    NOT NULL,
    response_code       INTEGER,
    response_body       TEXT,
    error_message       TEXT,
    timestamp           TEXT    NOT NULL,
    duration_ms         DOUBLE  NOT NULL,
    request_headers     TEXT    NOT NULL,
    response_headers    TEXT,
    request_body_sha256 TEXT    NOT NULL
);

CREATE UNIQUE INDEX delivery_attempts_by_delivery ON delivery_attempts (delivery_id, id);

-- Running figures of each webhook, and of each tenant; the tenant '*' stands for all.
CREATE TABLE webhook_totals (
    webhook_id         TEXT PRIMARY KEY,
    attempts_succeeded INTEGER NOT NULL,
    attempts_failed    INTEGER NOT NULL,
    duration_ms        DOUBLE  NOT NULL,
    durations          BLOB    NOT NULL,
    pending            INTEGER NOT NULL,
    retrying           INTEGER NOT NULL,
    last_success_at    INTEGER,
    last_failure_at    INTEGER,
    -- The last entry of the journal below that is in these figures, and in the buckets of this webhook.
    counted_to         INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE INDEX webhook_totals_pending ON webhook_totals (webhook_id) WHERE pending > 0;

CREATE TABLE tenant_totals (
    tenant     TEXT PRIMARY KEY,
    pending    INTEGER NOT NULL,
    retrying   INTEGER NOT NULL,
    counted_to INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- What commits under load have counted, and the tables of statistics do not have yet: one row for each such commit.
CREATE TABLE counted_journal (
    id      INTEGER PRIMARY KEY,
    counted BLOB NOT NULL
);

-- Figures over time: buckets of a minute for two days, then of an hour.
CREATE TABLE webhook_stats (
    webhook_id           TEXT    NOT NULL,
    resolution_s         INTEGER NOT NULL,
    bucket_at            INTEGER NOT NULL,
    accepted             INTEGER NOT NULL,
    attempts_succeeded   INTEGER NOT NULL,
    attempts_failed      INTEGER NOT NULL,
    deliveries_succeeded INTEGER NOT NULL,
    deliveries_failed    INTEGER NOT NULL,
    duration_ms          DOUBLE  NOT NULL,
    durations            BLOB    NOT NULL,
    PRIMARY KEY (webhook_id, resolution_s, bucket_at)
) WITHOUT ROWID;

CREATE INDEX webhook_stats_by_time ON webhook_stats (resolution_s, bucket_at);

CREATE TABLE tenant_stats (
    tenant               TEXT    NOT NULL,
    resolution_s         INTEGER NOT NULL,
    bucket_at            INTEGER NOT NULL,
    accepted             INTEGER NOT NULL,
    attempts_succeeded   INTEGER NOT NULL,
    attempts_failed      INTEGER NOT NULL,
    deliveries_succeeded INTEGER NOT NULL,
    deliveries_failed    INTEGER NOT NULL,
    duration_ms          DOUBLE  NOT NULL,
    durations            BLOB    NOT NULL,
    PRIMARY KEY (tenant, resolution_s, bucket_at)
) WITHOUT ROWID;

CREATE INDEX tenant_stats_by_time ON tenant_stats (resolution_s, bucket_at);

CREATE TABLE event_types (
    name         TEXT    NOT NULL,
    tenant       TEXT    NOT NULL,
    last_seen_at INTEGER NOT NULL,
    PRIMARY KEY (name, tenant)
) WITHOUT ROWID;

CREATE INDEX event_types_by_time ON event_types (last_seen_at);

CREATE TABLE audit (
    id      TEXT PRIMARY KEY,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    tenant  TEXT    NOT NULL
) WITHOUT ROWID;
