-- Sources: third parties whose calls become events. The last six columns say how calls of the kinds hmac and token look.
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
