-- How far a bulk import has come: written in the transaction of each batch, so that a crash loses or doubles nothing.
CREATE TABLE IF NOT EXISTS /* schema */mt_import_progress (
    source  text        NOT NULL PRIMARY KEY,
    lines   bigint      NOT NULL,
    updated timestamptz NOT NULL DEFAULT now()
);
