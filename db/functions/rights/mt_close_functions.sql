-- Nobody but the owner may call a function that runs as the owner or as a trigger; of the entry points, PUBLIC and
-- those whom default privileges give every function only those that their rights on mt_events are for. A restore
-- without rights leaves all open. Functions that were made under a path of somebody's, or by psql without a schema's
-- name in them, look into the schema only, and for temporary objects last; but those in SQL, which become a part of
-- their caller's expression, and look where it looks.
CREATE OR REPLACE FUNCTION /* schema */mt_close_functions() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    events regclass := /* schema */mt_events_table();
    area   oid := (SELECT c.relnamespace FROM pg_class c WHERE c.oid = events);
    item   record;
BEGIN
    FOR item IN SELECT p.oid::regprocedure AS name, a.grantee
                  FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                 WHERE p.pronamespace = area AND p.proname ~ '^mt_' AND a.grantee <> p.proowner
                   AND (p.prorettype = 'trigger'::regtype OR p.prosecdef)
                   AND p.proname NOT IN (SELECT e.entry FROM /* schema */mt_entry_points() e) LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s CASCADE', item.name, /* schema */mt_role_name(item.grantee));
    END LOOP;
    FOR item IN SELECT p.oid::regprocedure AS name FROM pg_proc p
                  JOIN pg_language l ON l.oid = p.prolang AND l.lanname <> 'sql'
                  LEFT JOIN LATERAL unnest(p.proconfig) c ON c LIKE 'search_path=%'
                 WHERE p.pronamespace = area AND p.proname ~ '^(mt|ensure|create|drop)_'
                   AND (c !~ ', ?"?pg_temp"?$' OR c IS NULL AND strpos(p.prosrc, '/* ' || 'schema */') > 0) LOOP
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
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_close_functions FROM PUBLIC;
