namespace MartenEventing.TestSupport.Schema;

/// <summary>The event store of Marten 9.29, with columns that older versions had left behind.</summary>
public static class Marten929
{
    /// <summary>The tables of a default store.</summary>
    public const string Tables =
        """
        CREATE SEQUENCE mt_events_sequence;
        CREATE TABLE mt_streams (
            id uuid NOT NULL, type varchar NULL, version bigint NULL, timestamp timestamptz NOT NULL DEFAULT (now()),
            snapshot jsonb NULL, snapshot_version integer NULL, created timestamptz NOT NULL DEFAULT (now()),
            tenant_id varchar NULL DEFAULT '*DEFAULT*', is_archived bool NULL DEFAULT FALSE,
            CONSTRAINT pkey_mt_streams_id PRIMARY KEY (id));
        CREATE TABLE mt_events (
            seq_id bigint NOT NULL, id uuid NOT NULL, stream_id uuid NULL, version bigint NOT NULL, data jsonb NOT NULL,
            bdata bytea NULL, type varchar(500) NOT NULL, timestamp timestamptz NOT NULL DEFAULT '2026-01-01 00:00:00Z',
            tenant_id varchar NULL DEFAULT '*DEFAULT*', mt_dotnet_type varchar NULL,
            is_archived bool NULL DEFAULT FALSE, CONSTRAINT pkey_mt_events_seq_id PRIMARY KEY (seq_id));
        CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON mt_events USING btree (stream_id, version);
        ALTER TABLE mt_events ADD CONSTRAINT fkey_mt_events_stream_id
            FOREIGN KEY (stream_id) REFERENCES mt_streams (id) ON DELETE CASCADE;
        ALTER SEQUENCE mt_events_sequence OWNED BY mt_events.seq_id;
        CREATE TABLE mt_event_progression (
            name varchar NOT NULL, last_seq_id bigint NULL,
            last_updated timestamptz NULL DEFAULT (transaction_timestamp()),
            CONSTRAINT pkey_mt_event_progression_name PRIMARY KEY (name));
        """;
}
