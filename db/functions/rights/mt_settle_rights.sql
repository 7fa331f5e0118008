-- Brings the rights on what is ours to what they are to be; may be called at any time, and changes nothing where
-- nothing is wrong. Whoever may read or append events may call what that takes (see mt_entry_points). Nobody but the
-- owner has rights on partitions and on tables of the store's own, nor may call a function that runs as the owner.
-- Functions that were made under a path of somebody's, or by psql without a schema's name in them, look into the schema
-- only, and for temporary objects last. Nobody but the owner writes what the store keeps on record, or puts triggers on
-- events and streams: the guard runs them as the owner. Everybody may read the claims of sealed partitions, for
-- everybody plans by them.
CREATE OR REPLACE FUNCTION /* schema */mt_settle_rights() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    events regclass := /* schema */mt_events_table();
    area   oid := (SELECT c.relnamespace FROM pg_class c WHERE c.oid = events);
    item   record;
BEGIN
    FOR item IN SELECT p.oid::regprocedure AS name, a.grantee
                  FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                 WHERE p.pronamespace = area AND p.proname LIKE 'mt\_%' AND a.grantee <> p.proowner
                   AND (p.prorettype = 'trigger'::regtype OR p.prosecdef)
                   AND p.proname NOT IN (SELECT e.entry FROM /* schema */mt_entry_points() e) LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s CASCADE', item.name, /* schema */mt_role_name(item.grantee));
    END LOOP;
    FOR item IN SELECT p.oid::regprocedure AS name FROM pg_proc p
                  LEFT JOIN LATERAL unnest(p.proconfig) c ON c LIKE 'search_path=%'
                 WHERE p.pronamespace = area AND p.proname ~ '^(mt|ensure|create|drop)_'
                   AND (c !~ ', ?pg_temp$' OR c IS NULL AND strpos(p.prosrc, '/* ' || 'schema */') > 0) LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, %I, pg_temp', item.name,
                       (SELECT n.nspname FROM pg_namespace n WHERE n.oid = area));
    END LOOP;
    FOR item IN SELECT p.oid::regprocedure AS name, a.grantee
                  FROM /* schema */mt_entry_points() e
                  JOIN pg_proc p ON p.pronamespace = area AND p.proname = e.entry,
                       aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                 WHERE (a.grantee = 0 OR EXISTS (
                           SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) g
                            WHERE d.defaclobjtype = 'f' AND d.defaclrole = p.proowner AND g.grantee = a.grantee))
                   AND a.grantee <> p.proowner
                   AND NOT EXISTS (SELECT FROM pg_class c, aclexplode(c.relacl) r
                                    WHERE c.oid = events AND r.grantee = a.grantee
                                      AND r.privilege_type IN (SELECT n.needs FROM /* schema */mt_entry_points() n
                                                                WHERE n.entry = p.proname)) LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s CASCADE', item.name, /* schema */mt_role_name(item.grantee));
    END LOOP;
    FOR item IN SELECT DISTINCT c.oid::regclass AS name, c.relkind, a.grantee FROM pg_class c, aclexplode(c.relacl) a
                 WHERE c.relnamespace = area AND a.grantee <> c.relowner
                   AND (c.relkind = 'r' AND a.privilege_type <> 'SELECT' AND c.relname IN (
                            'mt_conversion', 'mt_legal_holds', 'mt_legal_holds_turn', 'mt_migrations',
                            'mt_partition_archives', 'mt_removed_partitions', 'mt_retention_changes',
                            'mt_retention_run', 'mt_retention_streams', 'mt_stream_bounds', 'mt_tenant_limit')
                        OR c.relkind = 'S' AND a.privilege_type <> 'SELECT'
                           AND (c.relname ~ '^mt_events_.*_claim$' OR c.relname = 'mt_partition_epoch')) LOOP
        EXECUTE format(CASE item.relkind WHEN 'S' THEN 'REVOKE UPDATE, USAGE ON SEQUENCE %s FROM %s CASCADE'
                       ELSE 'REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON %s FROM %s CASCADE' END,
                       item.name, /* schema */mt_role_name(item.grantee));
    END LOOP;
    FOR item IN SELECT DISTINCT c.oid::regclass AS name, a.grantee FROM pg_class c, aclexplode(c.relacl) a
                 WHERE (c.oid = events OR c.reltype = pg_typeof(NULL::/* schema */mt_streams))
                   AND a.grantee <> c.relowner AND a.privilege_type = 'TRIGGER' LOOP
        EXECUTE format('REVOKE TRIGGER ON %s FROM %s CASCADE', item.name, /* schema */mt_role_name(item.grantee));
    END LOOP;
    FOR item IN SELECT t.relid FROM pg_partition_tree(events) t JOIN pg_class c ON c.oid = t.relid
                 WHERE t.relid <> events AND c.relacl IS NOT NULL
                 UNION ALL
                SELECT c.oid FROM pg_class c
                 WHERE c.relnamespace = area AND c.relkind IN ('r', 'p') AND c.relacl IS NOT NULL
                   AND (c.relname ~ '^mt_(retain|expired|restoring)_' OR c.oid = /* schema */mt_other_events()) LOOP
        PERFORM /* schema */mt_close_table(item.relid);
    END LOOP;
    FOR item IN SELECT c.oid::regclass AS name FROM pg_class c
                 WHERE c.relnamespace = area AND c.relkind = 'S'
                   AND c.relname ~ '^mt_events_.*_claim$'
                   AND NOT EXISTS (SELECT FROM aclexplode(c.relacl) a
                                    WHERE a.grantee = 0 AND a.privilege_type = 'SELECT') LOOP
        EXECUTE format('GRANT SELECT ON SEQUENCE %s TO PUBLIC', item.name);
    END LOOP;
    FOR item IN SELECT DISTINCT p.oid::regprocedure AS name, a.grantee
                  FROM (SELECT a.grantee, a.privilege_type AS has
                          FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
                         WHERE c.oid = events
                         UNION ALL VALUES ('pg_read_all_data'::regrole::oid, 'SELECT'),
                                          ('pg_write_all_data'::regrole::oid, 'INSERT')) a
                  JOIN /* schema */mt_entry_points() e ON e.needs = a.has
                  JOIN pg_proc p ON p.pronamespace = area AND p.proname = e.entry
                 WHERE a.grantee <> p.proowner
                   AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) g WHERE g.grantee = a.grantee) LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', item.name, /* schema */mt_role_name(item.grantee));
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_settle_rights FROM PUBLIC;
