-- Which sources and event types an apply made, and may take away again once its file does not name them any more. Webhooks
-- have that in their metadata.
CREATE TABLE applied (
    file    TEXT NOT NULL,
    kind    TEXT NOT NULL,
    tenant  TEXT NOT NULL,
    name    TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (file, kind, tenant, name)
) WITHOUT ROWID;
