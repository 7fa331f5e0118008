namespace MartenEventing.Conversion;

/// <summary>What the catalogs may say against a conversion: stops, subject, reason, way out.</summary>
internal static class ObjectionQueries
{
    /// <summary>What the others begin with: the tables of the store.</summary>
    public const string Area =
        """
        WITH area AS (SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n WHERE n.nspname = $1),
             e AS (SELECT c.* FROM pg_catalog.pg_class c JOIN area ON area.oid = c.relnamespace
                 WHERE c.relname = 'mt_events'),
             s AS (SELECT c.* FROM pg_catalog.pg_class c JOIN area ON area.oid = c.relnamespace
                 WHERE c.relname = 'mt_streams')

        """;

    /// <summary>Names that are taken.</summary>
    public const string Names =
        """
        SELECT DISTINCT true, t.name::text, 'a partition, a copy or an index of theirs will need this name',
               'Rename or drop it'
          FROM area, LATERAL (
               SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relnamespace = area.oid
                UNION ALL SELECT y.typname FROM pg_catalog.pg_type y WHERE y.typnamespace = area.oid) t (name)
         WHERE t.name ~ ('^mt_events_(head|tail|shadow|plain|[dw][0-9]{8}|[mq][0-9]{6}|y[0-9]{4})'
                         || '(_pkey|_stream_id_version_idx|_timestamp_idx)?$')
            OR t.name IN ('mt_events_timestamp_brin', 'pkey_mt_events_seq_id_timestamp')
        """;

    /// <summary>What a copy beside the table takes.</summary>
    public const string Shadow =
        """
        SELECT true, c.relowner::regrole::text,
               'as the owner of mt_events it has given up SELECT, INSERT, UPDATE or DELETE, '
               'which copying takes', format('GRANT ALL ON mt_events TO %s, or --way attach', c.relowner::regrole)
          FROM e c WHERE NOT (SELECT bool_and(has_table_privilege(c.relowner, c.oid, p))
                                FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p)
        UNION ALL
        SELECT false, k.conname::text,
               'it is a constraint, and will be an index as Marten makes it after complete and revert',
               'Nothing needs to be done'
          FROM pg_catalog.pg_constraint k JOIN e ON e.oid = k.conrelid WHERE k.contype = 'u'
        """;

    /// <summary>The table itself: inheritance, keys, columns, row security, rights.</summary>
    public const string Table =
        """
        SELECT true, i.inhrelid::regclass::text, 'it inherits from mt_events', 'Detach it: ALTER TABLE ... NO INHERIT'
          FROM pg_catalog.pg_inherits i JOIN e ON e.oid = i.inhparent
        UNION ALL
        SELECT true, 'mt_events', 'it inherits from ' || i.inhparent::regclass, 'Detach it: ALTER TABLE ... NO INHERIT'
          FROM pg_catalog.pg_inherits i JOIN e ON e.oid = i.inhrelid
        UNION ALL
        SELECT true, 'mt_events', 'it has no primary key on seq_id alone', 'Give it the key that Marten makes'
          FROM e WHERE NOT EXISTS (
               SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a
                      ON a.attrelid = e.oid AND a.attnum = i.indkey[0] AND a.attname = 'seq_id'
                WHERE i.indrelid = e.oid AND i.indisprimary AND i.indnatts = 1 AND i.indimmediate)
        UNION ALL
        SELECT true, 'mt_events', 'it has no valid index pk_mt_events_stream_and_version', 'Make it as Marten does'
          FROM e WHERE NOT EXISTS (
               SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                WHERE i.indrelid = e.oid AND i.indisunique AND i.indisvalid
                  AND c.relname = 'pk_mt_events_stream_and_version')
        UNION ALL
        SELECT true, c.relname::text, 'a unique index cannot be kept across partitions without the timestamp',
               'Drop it, or make one that is not unique'
          FROM pg_catalog.pg_index i JOIN e ON e.oid = i.indrelid JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
         WHERE i.indisunique AND NOT i.indisprimary
           AND c.relname NOT IN ('pk_mt_events_stream_and_version', 'mt_events_conversion_key')
        UNION ALL
        SELECT true, c.relname::text, 'the index is not valid', 'REINDEX or drop it'
          FROM pg_catalog.pg_index i JOIN e ON e.oid = i.indrelid JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
         WHERE NOT i.indisvalid AND NOT i.indisunique AND c.relname NOT LIKE 'mt\_events\_conversion\_%'
        UNION ALL
        SELECT true, 'mt_events.' || a.attname, 'it may not be null, and may be at the moment',
               'ALTER TABLE mt_events ALTER COLUMN ' || a.attname || ' SET NOT NULL'
          FROM pg_catalog.pg_attribute a JOIN e ON e.oid = a.attrelid
         WHERE a.attname IN ('seq_id', 'timestamp') AND NOT a.attnotnull
        UNION ALL
        SELECT true, 'mt_events.' || a.attname, 'identity columns are not supported', 'Drop the identity'
          FROM pg_catalog.pg_attribute a JOIN e ON e.oid = a.attrelid WHERE a.attidentity <> ''
        UNION ALL
        SELECT true, 'mt_events', 'its policies are forced on its owner, who would see a part of it only',
               'ALTER TABLE mt_events NO FORCE ROW LEVEL SECURITY'
          FROM e WHERE e.relforcerowsecurity
        UNION ALL
        SELECT true, 'mt_events', 'its replica identity is an index', 'ALTER TABLE mt_events REPLICA IDENTITY DEFAULT'
          FROM e WHERE e.relreplident = 'i'
        UNION ALL
        SELECT true, c.relname::text, format('%I does not own it', current_user),
               format('Run as %s', c.relowner::regrole)
          FROM (SELECT * FROM e UNION ALL SELECT * FROM s) c WHERE NOT pg_has_role(c.relowner, 'USAGE')
        UNION ALL
        SELECT true, area.nspname::text, format('%I may not create tables in this schema', current_user),
               'GRANT CREATE ON SCHEMA' FROM area WHERE NOT has_schema_privilege(area.oid, 'CREATE')
        """;

    /// <summary>What hangs on the table: views, functions, foreign keys, rules, triggers, publications.</summary>
    public const string Dependents =
        """
        SELECT DISTINCT true, w.ev_class::regclass::text,
               'this view or rule reads mt_events and would not go over to the new one',
               'Drop it, and make it again after the conversion'
          FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
          JOIN e ON d.refobjid IN (e.oid, e.reltype,
              (SELECT y.typarray FROM pg_catalog.pg_type y WHERE y.oid = e.reltype))
         WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass
        UNION ALL
        SELECT DISTINCT true, d.objid::regprocedure::text, 'this function is bound to mt_events',
               'Drop it, and make it again after the conversion'
          FROM pg_catalog.pg_depend d
          JOIN e ON d.refobjid IN (e.oid, e.reltype,
              (SELECT y.typarray FROM pg_catalog.pg_type y WHERE y.oid = e.reltype))
         WHERE d.classid = 'pg_catalog.pg_proc'::regclass
        UNION ALL
        SELECT true, k.conname::text,
               format('%s has this foreign key, which is not one of Marten''s', k.conrelid::regclass),
               'Drop it'
          FROM pg_catalog.pg_constraint k JOIN e ON e.oid IN (k.conrelid, k.confrelid) JOIN s ON true
          JOIN pg_catalog.pg_class r ON r.oid = k.conrelid
         WHERE k.contype = 'f' AND NOT (k.conrelid = e.oid AND k.confrelid = s.oid)
           AND NOT (k.confrelid = e.oid AND r.relname LIKE 'mt\_event\_tag\_%')
        UNION ALL
        SELECT true, k.conname::text, 'exclusion constraints are not supported', 'Drop it'
          FROM pg_catalog.pg_constraint k JOIN e ON e.oid = k.conrelid WHERE k.contype = 'x'
        UNION ALL
        SELECT true, t.tgname::text, 'a trigger with transition tables or a constraint trigger cannot be kept',
               'Drop it'
          FROM pg_catalog.pg_trigger t JOIN e ON e.oid = t.tgrelid
         WHERE NOT t.tgisinternal AND (t.tgconstraint <> 0
               OR (t.tgtype & 1) = 1 AND coalesce(t.tgoldtable, t.tgnewtable) IS NOT NULL)
        UNION ALL
        SELECT true, p.pubname::text,
               'it publishes all tables of the schema, and would publish what moves between those '
               'that are no partitions for the moment', 'Publish mt_events by its name'
          FROM pg_catalog.pg_publication p JOIN area ON true
         WHERE p.puballtables OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace x
                                          WHERE x.pnpubid = p.oid AND x.pnnspid = area.oid)
        UNION ALL
        SELECT true, p.pubname::text,
               'it publishes mt_events and not under the name of the whole: subscribers would not '
               'find the partitions', 'ALTER PUBLICATION ' || quote_ident(p.pubname)
               || ' SET (publish_via_partition_root = true)'
          FROM pg_catalog.pg_publication p JOIN e ON true
         WHERE NOT p.pubviaroot AND NOT p.puballtables AND NOT EXISTS (
               SELECT FROM pg_catalog.pg_publication_namespace x WHERE x.pnpubid = p.oid)
           AND EXISTS (SELECT FROM pg_catalog.pg_publication_tables t
                                             WHERE t.pubname = p.pubname AND t.schemaname = $1
                                                 AND t.tablename = 'mt_events')
        UNION ALL
        SELECT true, p.pubname::text,
               'it publishes mt_events with a column list or filter, or belongs to somebody else',
               'Take mt_events out of it, and put it in again after the conversion'
          FROM pg_catalog.pg_publication_rel r JOIN e ON e.oid = r.prrelid
          JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
         WHERE r.prattrs IS NOT NULL OR r.prqual IS NOT NULL OR NOT pg_has_role(p.pubowner, 'USAGE')
        """;

    /// <summary>What goes on on the server: warnings only.</summary>
    public const string Server =
        """
        SELECT false, format('session %s', a.pid), format('the transaction of role %I (%s, %s) has been open since %s',
                   a.usename, a.application_name, a.state, to_char(a.xact_start, 'YYYY-MM-DD HH24:MI:SS')),
               format('Concurrent index builds wait for it; end it if it should not be there: '
                      'SELECT pg_terminate_backend(%s)', a.pid)
          FROM pg_catalog.pg_stat_activity a
         WHERE a.datname = current_database() AND a.xact_start < now() - interval '1 minute'
             AND a.pid <> pg_backend_pid()
        UNION ALL
        SELECT false, x.gid, format('a prepared transaction of role %I is open since %s', x.owner,
                   to_char(x.prepared, 'YYYY-MM-DD HH24:MI:SS')), format('COMMIT PREPARED or ROLLBACK PREPARED %L',
                       x.gid)
          FROM pg_catalog.pg_prepared_xacts x WHERE x.database = current_database()
        UNION ALL
        SELECT false, r.slot_name::text, 'a logical replication slot follows this database',
               'See docs/conversion.md; its consumer must know partitioned tables'
          FROM pg_catalog.pg_replication_slots r WHERE r.slot_type = 'logical' AND r.database = current_database()
        UNION ALL
        SELECT false, 'Marten',
               'an application that starts without the MartenEventing extension and with AutoCreate on '
               'rebuilds mt_events as one plain table', 'Deploy it with UseTimePartitionedEvents first'
        """;
}
