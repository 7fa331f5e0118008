-- Legal holds, never deleted. Nothing that one touches is removed until it is lifted: a stream (of one tenant, or of
-- any), all streams of a tenant, or every stream with an event in [from_time, to_time).
CREATE TABLE IF NOT EXISTS /* schema */mt_legal_holds (
    id        bigint      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind      text        NOT NULL CHECK (kind IN ('stream', 'tenant', 'range')),
    value     text        NULL CHECK (value <> '' AND kind <> 'range' OR value IS NULL AND kind = 'range'),
    tenant_id text        NULL,
    from_time timestamptz NULL CHECK (kind = 'range' OR from_time IS NULL),
    to_time   timestamptz NULL CHECK (kind = 'range' AND coalesce(from_time < to_time, false) OR kind <> 'range'),
    reason    text        NOT NULL CHECK (reason <> ''),
    placed_by text        NOT NULL DEFAULT current_user,
    placed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    lifted_by text        NULL,
    lifted_at timestamptz NULL
);
CREATE INDEX IF NOT EXISTS mt_legal_holds_standing ON /* schema */mt_legal_holds (kind, value) WHERE lifted_at IS NULL;
