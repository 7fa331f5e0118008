-- Marten's event store as Marten 9.59 creates it, metadata columns on: the plain layout.
-- A store that is older stays as it is, and Marten's own `db-apply` brings it up to date.
-- formerly f6431686f5eaa3e70f7ed9b85b6fd2deded4896f388e4ba22e2159bdbba2c13d (Marten 9.29)
-- Valid in psql as it is. The engine puts the schema in the place of the marker, and varchar for
-- the stream identity when streams are named by strings. What a comment says after "conjoined:"
-- takes its place where each tenant has streams of its own (with -- at its end: and that of the
-- rest of the line).

CREATE SEQUENCE IF NOT EXISTS /* schema */mt_events_sequence;

CREATE TABLE IF NOT EXISTS /* schema */mt_streams (
    /* conjoined: tenant_id varchar NOT NULL DEFAULT '*DEFAULT*', */
    id          /* stream identity */uuid NOT NULL,
    type        varchar     NULL,
    version     bigint      NULL,
    timestamp   timestamptz NOT NULL DEFAULT (now()),
    created     timestamptz NOT NULL DEFAULT (now()),
    /* conjoined: -- */ tenant_id varchar NULL DEFAULT '*DEFAULT*',
    compacted_version bigint NOT NULL DEFAULT 0,
    is_archived boolean     NULL DEFAULT FALSE,
    CONSTRAINT /* conjoined: pkey_mt_streams_tenant_id_id -- */ pkey_mt_streams_id
        PRIMARY KEY (/* conjoined: tenant_id, */ id)
);

CREATE TABLE IF NOT EXISTS /* schema */mt_events (
    seq_id         bigint       NOT NULL,
    id             uuid         NOT NULL,
    stream_id      /* stream identity */uuid NULL,
    version        bigint       NOT NULL,
    data           jsonb        NOT NULL,
    bdata          bytea        NULL,
    type           varchar(500) NOT NULL,
    timestamp      timestamptz  NOT NULL DEFAULT (now()),
    tenant_id      varchar      NULL DEFAULT '*DEFAULT*',
    mt_dotnet_type varchar      NULL,
    correlation_id varchar      NULL,
    causation_id   varchar      NULL,
    headers        jsonb        NULL,
    user_name      varchar      NULL,
    is_archived    boolean      NULL DEFAULT FALSE,
    CONSTRAINT pkey_mt_events_seq_id PRIMARY KEY (seq_id),
    CONSTRAINT /* conjoined: fkey_mt_events_stream_id_tenant_id -- */ fkey_mt_events_stream_id
        FOREIGN KEY (/* conjoined: tenant_id, */ stream_id)
        REFERENCES /* schema */mt_streams (/* conjoined: tenant_id, */ id) /* conjoined: -- */ ON DELETE CASCADE
);

CREATE UNIQUE INDEX IF NOT EXISTS pk_mt_events_stream_and_version
    ON /* schema */mt_events USING btree (/* conjoined: tenant_id, */ stream_id, version);

ALTER SEQUENCE /* schema */mt_events_sequence OWNED BY /* schema */mt_events.seq_id;

CREATE TABLE IF NOT EXISTS /* schema */mt_event_progression (
    name                      varchar      NOT NULL,
    last_seq_id               bigint       NULL,
    last_updated              timestamptz  NULL DEFAULT (transaction_timestamp()),
    mode                      varchar      NULL DEFAULT 'none',
    rebuild_threshold         integer      NULL DEFAULT 0,
    assigned_node             integer      NULL DEFAULT 0,
    heartbeat                 timestamptz  NULL,
    agent_status              varchar(20)  NULL,
    pause_reason              text         NULL,
    running_on_node           integer      NULL,
    warning_behind_threshold  bigint       NULL,
    critical_behind_threshold bigint       NULL,
    failure_category          varchar(50)  NULL,
    failure_event_sequence    bigint       NULL,
    failure_event_type        varchar(500) NULL,
    failure_event_tenant_id   varchar(500) NULL,
    CONSTRAINT pk_mt_event_progression PRIMARY KEY (name)
);

CREATE TABLE IF NOT EXISTS /* schema */mt_event_projection_floors (
    name         varchar     NOT NULL,
    tenant_id    varchar     NOT NULL,
    floor        bigint      NOT NULL,
    last_updated timestamptz NULL DEFAULT (transaction_timestamp()),
    CONSTRAINT pkey_mt_event_projection_floors_name_tenant_id PRIMARY KEY (name, tenant_id)
);
