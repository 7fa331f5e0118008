-- Brings the rights on what is ours to what they are to be; may be called at any time, and changes nothing where
-- nothing is wrong. Whoever may read or append events may call what that takes (see mt_entry_points). Everybody may
-- read the claims of sealed partitions, for everybody plans by them. All else is closed.
CREATE OR REPLACE FUNCTION /* schema */mt_settle_rights() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    events regclass := /* schema */mt_events_table();
    area   oid := (SELECT c.relnamespace FROM pg_class c WHERE c.oid = events);
    item   record;
BEGIN
    PERFORM /* schema */mt_close_functions(), /* schema */mt_close_tables();
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
