namespace MartenEventing.Conversion;

/// <summary>
/// What people have made of the table that a partitioned one cannot have, or has otherwise: stops, subject, reason, way
/// out. Each begins with <see cref="ObjectionQueries.Area"/>.
/// </summary>
internal static class CarryingQueries
{
    /// <summary>Kinds of tables, columns and constraints.</summary>
    public const string Shape =
        """
        SELECT true, 'mt_events', 'it is a table of a type, which cannot be a partition', 'ALTER TABLE mt_events NOT OF'
          FROM e WHERE e.reloftype <> 0
        UNION ALL
        SELECT true, 'mt_events', 'it is not logged, and a crash empties it', 'ALTER TABLE mt_events SET LOGGED'
          FROM e WHERE e.relpersistence <> 'p'
        UNION ALL
        SELECT true, 'mt_events.timestamp', format('it is %s%s and not timestamp with time zone',
                   format_type(a.atttypid, a.atttypmod), CASE WHEN a.attgenerated <> '' THEN ', generated,'
                       ELSE '' END),
               'Make it as Marten does'
          FROM pg_catalog.pg_attribute a JOIN e ON e.oid = a.attrelid
         WHERE a.attname = 'timestamp' AND (a.atttypid <> 'timestamptz'::regtype OR a.attgenerated <> '')
        UNION ALL
        SELECT true, k.conname::text, 'partitions inherit their constraints, and this one is NO INHERIT',
               'Make it again without NO INHERIT'
          FROM pg_catalog.pg_constraint k JOIN e ON e.oid = k.conrelid WHERE k.contype IN ('c', 'n') AND k.connoinherit
        UNION ALL
        SELECT true, k.conname::text, 'it is not valid: events that break it could not move between partitions',
               format('ALTER TABLE mt_events VALIDATE CONSTRAINT %I, or drop it', k.conname)
          FROM pg_catalog.pg_constraint k JOIN e ON e.oid = k.conrelid
         WHERE k.contype IN ('c', 'n') AND NOT k.convalidated AND k.conname <> 'mt_vouched'
           AND (to_jsonb(k) ->> 'conenforced') IS DISTINCT FROM 'false'
        UNION ALL
        SELECT true, k.conname::text, 'it speaks of the row as a whole, whose type is another for each partition',
               'Name the columns in it'
          FROM pg_catalog.pg_constraint k JOIN e ON e.oid = k.conrelid
         WHERE k.contype = 'c' AND pg_get_constraintdef(k.oid) ~ '\mmt_events\.\*'
        UNION ALL
        SELECT true, c.relname::text, 'it speaks of the row as a whole, whose type is another for each partition',
               'Name the columns in it'
          FROM pg_catalog.pg_index i JOIN e ON e.oid = i.indrelid JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
         WHERE pg_get_indexdef(c.oid) ~ '\mmt_events\.\*'
        UNION ALL
        SELECT true, format('%I.%I', n.nspname, x.stxname),
               format('these statistics belong to %s', x.stxowner::regrole),
               format('Run as %s, or give them to whom mt_events belongs', x.stxowner::regrole)
          FROM pg_catalog.pg_statistic_ext x JOIN e ON e.oid = x.stxrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = x.stxnamespace
         WHERE NOT pg_has_role(x.stxowner, 'USAGE') OR NOT has_schema_privilege(n.oid, 'CREATE')
        UNION ALL
        SELECT false, k.conname::text, 'its triggers are disabled: after the way back they are not',
               'Disable them again then'
          FROM pg_catalog.pg_constraint k JOIN e ON e.oid IN (k.conrelid, k.confrelid)
         WHERE EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O')
        """;

    /// <summary>Tablespaces, labels and extensions.</summary>
    public const string Storage =
        """
        SELECT true, t.spcname::text, format('%s lies in this tablespace, and %I may not create anything there',
                   string_agg(x.name, ', ' ORDER BY x.name), r.rolname),
               format('GRANT CREATE ON TABLESPACE %I TO %I', t.spcname, r.rolname)
          FROM (SELECT e.relname::text, e.reltablespace FROM e
                 UNION ALL
                SELECT c.relname::text, c.reltablespace FROM pg_catalog.pg_index i JOIN e ON e.oid = i.indrelid
                  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid) x (name, place)
          JOIN pg_catalog.pg_tablespace t ON t.oid = x.place
          JOIN pg_catalog.pg_roles r ON r.rolname = current_user OR r.oid IN (SELECT e.relowner FROM e)
         WHERE NOT has_tablespace_privilege(r.oid, t.oid, 'CREATE') GROUP BY t.spcname, r.rolname
        UNION ALL
        SELECT true, 'mt_events', format('it has a security label of %s, which does not go over', l.provider),
               'Take it off, and put it on again after the conversion'
          FROM pg_catalog.pg_seclabel l JOIN e ON e.oid = l.objoid WHERE l.classoid = 'pg_catalog.pg_class'::regclass
        UNION ALL
        SELECT true, pg_describe_object(d.classid, d.objid, 0), format('it is bound to the extension %s', x.extname),
               'ALTER ... NO DEPENDS ON EXTENSION, or ALTER EXTENSION ... DROP'
          FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension x ON x.oid = d.refobjid JOIN e ON true
         WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype IN ('e', 'x')
           AND (d.classid = 'pg_catalog.pg_class'::regclass AND (d.objid = e.oid OR EXISTS (
                    SELECT FROM pg_catalog.pg_index i WHERE i.indexrelid = d.objid AND i.indrelid = e.oid))
                OR d.classid = 'pg_catalog.pg_trigger'::regclass AND EXISTS (
                    SELECT FROM pg_catalog.pg_trigger t WHERE t.oid = d.objid AND t.tgrelid = e.oid))
        """;

    /// <summary>Whatever else knows the table or its row type by itself and not by its name.</summary>
    public const string Others =
        """
        SELECT DISTINCT true, pg_describe_object(d.classid, d.objid, d.objsubid),
               'it is bound to mt_events or its row type, and would stay with the table that it knows',
               'Drop it, and make it again after the conversion'
          FROM pg_catalog.pg_depend d
          JOIN e ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = e.oid
                 OR d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN (
                    e.reltype, (SELECT y.typarray FROM pg_catalog.pg_type y WHERE y.oid = e.reltype))
         WHERE d.deptype IN ('n', 'a') AND CASE d.classid
               WHEN 'pg_catalog.pg_rewrite'::regclass THEN false
               WHEN 'pg_catalog.pg_proc'::regclass THEN false
               WHEN 'pg_catalog.pg_statistic_ext'::regclass THEN false
               WHEN 'pg_catalog.pg_publication_rel'::regclass THEN false
               WHEN 'pg_catalog.pg_class'::regclass THEN d.refclassid = 'pg_catalog.pg_type'::regclass
               WHEN 'pg_catalog.pg_attrdef'::regclass THEN EXISTS (
                    SELECT FROM pg_catalog.pg_attrdef x WHERE x.oid = d.objid AND x.adrelid <> e.oid)
               WHEN 'pg_catalog.pg_constraint'::regclass THEN EXISTS (
                    SELECT FROM pg_catalog.pg_constraint k
                     WHERE k.oid = d.objid AND k.conrelid <> e.oid AND k.contype <> 'f')
               WHEN 'pg_catalog.pg_policy'::regclass THEN EXISTS (
                    SELECT FROM pg_catalog.pg_policy p WHERE p.oid = d.objid AND p.polrelid <> e.oid)
               WHEN 'pg_catalog.pg_trigger'::regclass THEN EXISTS (
                    SELECT FROM pg_catalog.pg_trigger t WHERE t.oid = d.objid AND t.tgrelid <> e.oid
                           AND NOT t.tgisinternal)
               ELSE true END
        UNION ALL
        SELECT true, s.subname::text, 'this subscription writes to mt_events, and would leave out the new table',
               'Drop it, and make it again after the conversion WITH (copy_data = false)'
          FROM pg_catalog.pg_subscription_rel r JOIN e ON e.oid = r.srrelid
          JOIN pg_catalog.pg_subscription s ON s.oid = r.srsubid
        UNION ALL
        SELECT false, x.evtname::text,
               format('this event trigger runs %s on what the conversion does, and can make it fail',
                   x.evtfoid::regprocedure), 'Disable it for the time being if it refuses such statements'
          FROM pg_catalog.pg_event_trigger x WHERE x.evtenabled <> 'D' AND x.evtname NOT LIKE 'mt\_%'
        """;

    /// <summary>Who may do what, where it will not be the same.</summary>
    public const string Rights =
        """
        SELECT true, area.nspname::text, format('%s, whom mt_events belongs to, may not create tables in this schema',
                   e.relowner::regrole), format('GRANT CREATE ON SCHEMA %I TO %s', area.nspname, e.relowner::regrole)
          FROM e, area WHERE NOT has_schema_privilege(e.relowner, area.oid, 'CREATE')
              AND pg_has_role(e.relowner, 'USAGE')
           AND e.relowner <> current_user::regrole AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r
                                                             WHERE r.rolname = current_user)
        UNION ALL
        SELECT true, 'mt_events', format('%I may not give tables to %s', current_user, e.relowner::regrole),
               format('Run as %1$s, or GRANT %1$s TO %2$I WITH SET TRUE', e.relowner::regrole, current_user)
          FROM e WHERE pg_has_role(e.relowner, 'USAGE') AND NOT pg_has_role(e.relowner,
                       CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END)
        UNION ALL
        SELECT DISTINCT false, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
               format('it has rights on mt_events from %s, and will have them from the owner', a.grantor::regrole),
               'Nothing needs to be done'
          FROM e, LATERAL (SELECT e.relacl UNION ALL SELECT t.attacl FROM pg_catalog.pg_attribute t
                            WHERE t.attrelid = e.oid AND NOT t.attisdropped) g (acl), aclexplode(g.acl) a
         WHERE a.grantor <> e.relowner
        UNION ALL
        SELECT DISTINCT false, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
               'its right to put triggers on mt_events goes: they would run where the owner writes',
               'Let the owner make them'
          FROM e, aclexplode(e.relacl) a WHERE a.privilege_type = 'TRIGGER' AND a.grantee <> e.relowner
        """;

    /// <summary>
    /// Row triggers of others. What a function does nobody can tell beforehand; those of PostgreSQL itself leave the
    /// timestamp alone.
    /// </summary>
    public static string Triggers(bool accepted) =>
        $"""
         SELECT t.tgenabled <> 'D' AND {SqlText.Literal(!accepted)}, t.tgname::text,
                format('this trigger runs %s before a row is stored; if that changes timestamp, the event is refused '
                       'once partitions have been chosen by it (0A000)', t.tgfoid::regprocedure),
                'Make it an AFTER trigger, or drop it; if it leaves timestamp alone, say so by --accept-triggers'
           FROM pg_catalog.pg_trigger t JOIN e ON e.oid = t.tgrelid JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
          WHERE NOT t.tgisinternal AND (t.tgtype & 3) = 3 AND (t.tgtype & 20) <> 0
            AND p.pronamespace <> 'pg_catalog'::regnamespace
            AND t.tgname NOT LIKE ALL (ARRAY['mt\_guard\_%', 'mt\_dual\_%', 'mt\_append\_only'])
         UNION ALL
         SELECT false, t.tgname::text,
                'an UPDATE that takes an event to another partition fires the triggers of DELETE and '
                'INSERT, and not this one', 'Nothing needs to be done where events keep their month'
           FROM pg_catalog.pg_trigger t JOIN e ON e.oid = t.tgrelid
          WHERE NOT t.tgisinternal AND (t.tgtype & 3) = 1 AND (t.tgtype & 16) <> 0
            AND t.tgname NOT LIKE ALL (ARRAY['mt\_guard\_%', 'mt\_dual\_%', 'mt\_append\_only'])
         """;
}
