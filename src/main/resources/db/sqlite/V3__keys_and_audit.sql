-- API keys: of the key itself only its hash is kept. Scopes are words with spaces between.
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

-- Until now there were no keys, and the address stood for whoever called.
ALTER TABLE audit ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN detail TEXT NOT NULL DEFAULT '';
UPDATE audit SET address = actor, actor = 'keyless';

CREATE INDEX audit_by_tenant ON audit (tenant, id);
CREATE INDEX audit_by_actor ON audit (actor, id);
CREATE INDEX audit_by_subject ON audit (subject, id);

-- A tenant's own event types, by name.
CREATE INDEX event_types_by_tenant ON event_types (tenant, name);
