using MartenEventing.Schema;

namespace MartenEventing.Tests.Conversion;

/// <summary>
/// A plain store with one of each of the things that people can make of a table, its indexes and its rights.
/// </summary>
internal sealed class RichStore : IAsyncDisposable
{
    private const string Made =
        """
        CREATE DOMAIN brief AS text COLLATE "C" CHECK (length(VALUE) < 100);
        CREATE TABLE heard (seq_id bigint);
        CREATE FUNCTION hear() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        ALTER TABLE mt_events SET TABLESPACE {name};
        ALTER TABLE mt_events SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, parallel_workers = 3,
            toast_tuple_target = 4080, toast.autovacuum_vacuum_threshold = 77);
        ALTER TABLE mt_events ADD COLUMN note text COLLATE "C" DEFAULT 'none', ADD COLUMN brief brief,
            ADD COLUMN size int GENERATED ALWAYS AS (length(type)) STORED, ADD COLUMN turn bigserial,
                ADD COLUMN spot point,
            ADD CONSTRAINT sane CHECK (version > 0), ADD CONSTRAINT dear CHECK (size < 1000);
        ALTER TABLE mt_events DROP COLUMN user_name;
        ALTER TABLE mt_events ALTER COLUMN timestamp SET DEFAULT '2026-01-01 00:00:00Z',
            ALTER COLUMN data SET STORAGE EXTERNAL, ALTER COLUMN note SET COMPRESSION pglz,
            ALTER COLUMN type SET STATISTICS 500, ALTER COLUMN type SET (n_distinct = -0.25, n_distinct_inherited = 30);
        ALTER TABLE mt_events REPLICA IDENTITY FULL;

        CREATE INDEX by_type ON mt_events (type varchar_pattern_ops DESC NULLS LAST, timestamp) INCLUDE (version)
            WITH (fillfactor = 70) TABLESPACE {name} WHERE version > 0;
        CREATE INDEX by_note ON mt_events (note COLLATE "POSIX") TABLESPACE {name};
        CREATE INDEX mt_events_by_note ON mt_events (note, version);
        CREATE INDEX by_text ON mt_events (lower(type), (version + 1));
        ALTER INDEX by_text ALTER COLUMN 1 SET STATISTICS 300;
        CREATE INDEX by_spot ON mt_events USING gist (spot);
        CREATE INDEX by_data ON mt_events USING gin (data jsonb_path_ops) WITH (fastupdate = off);
        CREATE INDEX by_times ON mt_events USING brin (timestamp timestamptz_minmax_multi_ops (values_per_range = 16));
        ALTER INDEX pkey_mt_events_seq_id SET (fillfactor = 75);
        ALTER INDEX pkey_mt_events_seq_id SET TABLESPACE {name};
        ALTER INDEX pk_mt_events_stream_and_version SET (fillfactor = 60);
        ALTER INDEX pk_mt_events_stream_and_version SET TABLESPACE {name};
        ALTER TABLE mt_events CLUSTER ON {clustered};
        CREATE STATISTICS kinds (mcv, ndistinct) ON type, version FROM mt_events;
        ALTER STATISTICS kinds SET STATISTICS 77;
        CREATE STATISTICS lowered ON lower(type) FROM mt_events;

        CREATE TABLE mt_event_tag_parcel (value uuid, seq_id bigint, CONSTRAINT pkey_tag PRIMARY KEY (value, seq_id),
            CONSTRAINT fkey_tag FOREIGN KEY (seq_id) REFERENCES mt_events (seq_id) ON DELETE CASCADE DEFERRABLE);
        CREATE TRIGGER hear AFTER INSERT OR UPDATE OF type ON mt_events FOR EACH ROW EXECUTE FUNCTION hear('a', 'b');
        CREATE TRIGGER differ AFTER UPDATE ON mt_events FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
            EXECUTE FUNCTION hear();
        CREATE TRIGGER every AFTER INSERT ON mt_events REFERENCING NEW TABLE AS added FOR EACH STATEMENT
            EXECUTE FUNCTION hear();
        CREATE TRIGGER off AFTER INSERT ON mt_events FOR EACH ROW EXECUTE FUNCTION hear();
        CREATE TRIGGER always AFTER INSERT ON mt_events FOR EACH ROW EXECUTE FUNCTION hear();
        CREATE TRIGGER replica AFTER INSERT ON mt_events FOR EACH ROW EXECUTE FUNCTION hear();
        ALTER TABLE mt_events DISABLE TRIGGER off, ENABLE ALWAYS TRIGGER always, ENABLE REPLICA TRIGGER replica;

        CREATE POLICY own ON mt_events FOR SELECT TO {name} USING (tenant_id = current_user);
        CREATE POLICY none ON mt_events AS RESTRICTIVE FOR INSERT TO PUBLIC WITH CHECK (version > 0);
        CREATE POLICY changed ON mt_events FOR UPDATE TO {name}, CURRENT_USER USING (version > 1)
            WITH CHECK (version > 2);
        CREATE POLICY gone ON mt_events AS RESTRICTIVE FOR DELETE TO PUBLIC USING (is_archived);
        CREATE POLICY "all of them" ON mt_events TO {name} USING (true);
        ALTER TABLE mt_events ENABLE ROW LEVEL SECURITY;
        GRANT SELECT, UPDATE (version) ON mt_streams TO {name};
        GRANT USAGE ON SEQUENCE mt_events_sequence TO {name} WITH GRANT OPTION;
        GRANT SELECT ON mt_event_tag_parcel TO {name};
        REVOKE DELETE ON mt_events FROM CURRENT_USER;
        GRANT SELECT, TRUNCATE ON mt_events TO {name} WITH GRANT OPTION;
        GRANT SELECT ON mt_events TO PUBLIC;
        GRANT UPDATE (headers, note) ON mt_events TO {name} WITH GRANT OPTION;
        GRANT INSERT (seq_id, id) ON mt_events TO PUBLIC;
        ALTER DEFAULT PRIVILEGES GRANT DELETE ON TABLES TO {name};
        CREATE PUBLICATION {name} FOR TABLE mt_events WITH (publish_via_partition_root = true);

        COMMENT ON TABLE mt_events IS 'a table';
        COMMENT ON COLUMN mt_events.note IS 'a column';
        COMMENT ON CONSTRAINT sane ON mt_events IS 'a check';
        COMMENT ON CONSTRAINT pkey_mt_events_seq_id ON mt_events IS 'a key';
        COMMENT ON CONSTRAINT {key} ON mt_events IS 'a foreign key';
        COMMENT ON CONSTRAINT fkey_tag ON mt_event_tag_parcel IS 'a foreign key of tags';
        COMMENT ON INDEX pkey_mt_events_seq_id IS 'the index of a key';
        COMMENT ON INDEX pk_mt_events_stream_and_version IS 'a unique index';
        COMMENT ON INDEX by_type IS 'an index';
        COMMENT ON TRIGGER hear ON mt_events IS 'a trigger';
        COMMENT ON POLICY own ON mt_events IS 'a policy';
        COMMENT ON STATISTICS kinds IS 'statistics';
        """;

    private const string Since18 =
        """
        ALTER TABLE mt_events ADD COLUMN twice bigint GENERATED ALWAYS AS (version * 2) VIRTUAL,
            ADD CONSTRAINT lax CHECK (version < 5) NOT ENFORCED,
            ADD CONSTRAINT told NOT NULL note;
        """;

    private readonly string _name;

    private RichStore(PlainStore plain, string name) => (Plain, _name) = (plain, name);

    public PlainStore Plain { get; }

    /// <summary>One whose table is marked to be clustered on an index.</summary>
    public static async Task<RichStore> CreateAsync(
        string clustered, EventTenancy tenancy = EventTenancy.Single, StreamIdentity identity = StreamIdentity.Guid)
    {
        var name = "x" + Guid.NewGuid().ToString("N");
        await ServerSql.ExecuteAsync(null,
            $"CREATE ROLE {name}", "SET allow_in_place_tablespaces = on", $"CREATE TABLESPACE {name} LOCATION ''",
            $"GRANT CREATE ON TABLESPACE {name} TO PUBLIC");
        var store = new RichStore(await PlainStore.CreateAsync(500, tenancy, identity), name);
        var database = store.Plain.Database;
        await database.ExecuteAsync(Made.Replace("{name}", name, StringComparison.Ordinal)
            .Replace("{clustered}", clustered, StringComparison.Ordinal)
            .Replace("{key}", "fkey_mt_events_stream_id" + (tenancy == EventTenancy.Single ? "" : "_tenant_id"),
                StringComparison.Ordinal));
        if (await database.ScalarAsync<int>("SELECT current_setting('server_version_num')::int") >= 180000)
            await database.ExecuteAsync(Since18);
        return store;
    }

    /// <summary>What the catalogs say of the events and of all that refers to them or is referred to.</summary>
    public async Task<HashSet<CatalogFact>> WalkAsync()
    {
        var facts = new HashSet<CatalogFact>();
        foreach (var table in (string[])["mt_events", "mt_streams", "mt_events_sequence", "mt_event_tag_parcel"])
            facts.UnionWith((await CatalogWalk.OfAsync(Plain.Database.DataSource, table))
                .Select(fact => fact with { Row = $"{table}: {fact.Row}" }));
        return facts;
    }

    public async ValueTask DisposeAsync()
    {
        await ServerSql.ExecuteAsync(Plain.Database, $"DROP OWNED BY {_name}");
        await Plain.DisposeAsync();
        await ServerSql.ExecuteAsync(null, $"DROP TABLESPACE {_name}", $"DROP OWNED BY {_name}", $"DROP ROLE {_name}");
    }
}
