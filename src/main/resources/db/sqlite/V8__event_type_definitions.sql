-- What is said of event types, beside those that were only seen. An archived one is kept, and may come back.
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
