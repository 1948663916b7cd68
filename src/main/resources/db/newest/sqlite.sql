-- The newest schema as a whole: what the migrations make of an empty file, and their history.
-- Written anew after each change to them by: ./mvnw test -Dtest=SqliteNewestSchemaTest -Dlongline.write

CREATE TABLE "flyway_schema_history" (
    "installed_rank" INT NOT NULL PRIMARY KEY,
    "version" VARCHAR(50),
    "description" VARCHAR(200) NOT NULL,
    "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL,
    "checksum" INT,
    "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    "execution_time" INT NOT NULL,
    "success" BOOLEAN NOT NULL
);

CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success");

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
, failing_since INTEGER, format TEXT NOT NULL DEFAULT 'standard', template TEXT, filter TEXT, transform TEXT, shadow INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;

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

CREATE INDEX deliveries_first ON deliveries (webhook_id, next_attempt_at, id) WHERE status = 'pending' AND attempts = 0;

CREATE INDEX deliveries_retry ON deliveries (webhook_id, next_attempt_at, id) WHERE status = 'pending' AND attempts > 0;

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
, filtered INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;

CREATE INDEX webhook_totals_pending ON webhook_totals (webhook_id) WHERE pending > 0;

CREATE TABLE tenant_totals (
    tenant     TEXT PRIMARY KEY,
    pending    INTEGER NOT NULL,
    retrying   INTEGER NOT NULL,
    counted_to INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE counted_journal (
    id      INTEGER PRIMARY KEY,
    counted BLOB NOT NULL
);

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
, address TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '') WITHOUT ROWID;

CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    name         TEXT    NOT NULL,
    sha256       TEXT    NOT NULL UNIQUE,
    hint         TEXT    NOT NULL,
    scopes       TEXT    NOT NULL,
    tenant       TEXT,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER
) WITHOUT ROWID;

CREATE INDEX api_keys_by_tenant ON api_keys (tenant, id) WHERE tenant IS NOT NULL;

CREATE INDEX audit_by_tenant ON audit (tenant, id);

CREATE INDEX audit_by_actor ON audit (actor, id);

CREATE INDEX audit_by_subject ON audit (subject, id);

CREATE INDEX event_types_by_tenant ON event_types (tenant, name);

CREATE TABLE sources (
    id               TEXT PRIMARY KEY,
    tenant           TEXT    NOT NULL,
    name             TEXT    NOT NULL UNIQUE,
    kind             TEXT    NOT NULL,
    secret           TEXT    NOT NULL,
    event_prefix     TEXT    NOT NULL,
    created_at       INTEGER NOT NULL,
    header           TEXT,
    algorithm        TEXT    NOT NULL,
    encoding         TEXT    NOT NULL,
    signature_prefix TEXT    NOT NULL,
    event_header     TEXT,
    id_header        TEXT
) WITHOUT ROWID;

CREATE INDEX sources_by_tenant ON sources (tenant, id);

CREATE TABLE replays (
    id          TEXT PRIMARY KEY,
    tenant      TEXT,
    webhook_id  TEXT,
    status      TEXT,
    event_type  TEXT,
    since       INTEGER NOT NULL,
    until       INTEGER NOT NULL,
    missed      INTEGER NOT NULL,
    upper_event TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    at_event    TEXT    NOT NULL,
    at_webhook  TEXT    NOT NULL,
    matched     INTEGER NOT NULL,
    is_exact    INTEGER NOT NULL,
    done        INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    finished_at INTEGER
) WITHOUT ROWID;

CREATE INDEX replays_by_tenant ON replays (tenant, id) WHERE tenant IS NOT NULL;

CREATE INDEX replays_running ON replays (id) WHERE state = 'running';

CREATE TABLE identity (value TEXT PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE event_type_definitions (
    name        TEXT    NOT NULL,
    tenant      TEXT    NOT NULL,
    validates   INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    -- Of description, schema and example together, so that nobody has to read those to know.
    bytes       INTEGER NOT NULL,
    archived_at INTEGER,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    description TEXT,
    schema      TEXT,
    example     TEXT,
    PRIMARY KEY (name, tenant)
);

CREATE INDEX event_type_definitions_by_tenant ON event_type_definitions (tenant, name, bytes);

CREATE INDEX event_type_definitions_validating ON event_type_definitions (name, tenant, version)
    WHERE validates = 1 AND archived_at IS NULL;

CREATE TABLE applied (
    file    TEXT NOT NULL,
    kind    TEXT NOT NULL,
    tenant  TEXT NOT NULL,
    name    TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (file, kind, tenant, name)
) WITHOUT ROWID;

CREATE INDEX deliveries_failed_of_webhook ON deliveries (webhook_id, id) WHERE status = 'failed';

CREATE TABLE webhook_deliveries (
    webhook_id  TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    PRIMARY KEY (webhook_id, delivery_id)
) WITHOUT ROWID;

CREATE TABLE webhook_deliveries_complete (
    only  INTEGER PRIMARY KEY CHECK (only = 1),
    below TEXT NOT NULL
);

INSERT INTO identity (value) VALUES (lower(hex(randomblob(16))));

INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) VALUES
    (1, '1', 'first schema', 'SQL', 'V1__first_schema.sql', 1081014151, '', 0, 1),
    (2, '2', 'failing since', 'SQL', 'V2__failing_since.sql', -1557403448, '', 0, 1),
    (3, '3', 'keys and audit', 'SQL', 'V3__keys_and_audit.sql', 484965077, '', 0, 1),
    (4, '4', 'sources', 'SQL', 'V4__sources.sql', -994108164, '', 0, 1),
    (5, '5', 'replays', 'SQL', 'V5__replays.sql', -201056624, '', 0, 1),
    (6, '6', 'webhook formats', 'SQL', 'V6__webhook_formats.sql', -1766312428, '', 0, 1),
    (7, '7', 'identity', 'SQL', 'V7__identity.sql', 2040459296, '', 0, 1),
    (8, '8', 'event type definitions', 'SQL', 'V8__event_type_definitions.sql', -1133627873, '', 0, 1),
    (9, '9', 'applied', 'SQL', 'V9__applied.sql', 1768951933, '', 0, 1),
    (10, '10', 'shadow', 'SQL', 'V10__shadow.sql', 1690567074, '', 0, 1),
    (11, '11', 'failed of webhook', 'SQL', 'V11__failed_of_webhook.sql', -545719438, '', 0, 1),
    (12, '12', 'deliveries of webhook', 'SQL', 'V12__deliveries_of_webhook.sql', 891074652, '', 0, 1);
