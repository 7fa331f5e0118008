-- How many tenants may get partitions by their first stream, at most one row: see mt_limit_tenants.
CREATE TABLE IF NOT EXISTS /* schema */mt_tenant_limit (
    one  boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (one),
    most integer NOT NULL CHECK (most >= 0)
);
