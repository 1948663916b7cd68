-- Replays: background jobs that deliver again what a filter selects. They walk by event and webhook; the cursor is where
-- they are. No tenant stands for all of them.
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
