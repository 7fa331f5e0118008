-- Row security of one table holds for the other from now on, and no longer for the first.
CREATE OR REPLACE FUNCTION /* schema */mt_move_policies(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    item record;
BEGIN
    FOR item IN
        SELECT p.polname AS name, CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END AS kind,
               CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
                             ELSE 'ALL' END AS command,
               (SELECT string_agg(/* schema */mt_role_name(r), ', ') FROM unnest(p.polroles) r) AS roles,
               ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')' AS visible,
               ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')' AS allowed,
               obj_description(p.oid, 'pg_policy') AS comment
          FROM pg_policy p WHERE p.polrelid = source ORDER BY p.polname
    LOOP
        EXECUTE format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', item.name, target, item.kind, item.command,
                       item.roles, item.visible, item.allowed);
        IF item.comment IS NOT NULL THEN
            EXECUTE format('COMMENT ON POLICY %I ON %s IS %L', item.name, target, item.comment);
        END IF;
        EXECUTE format('DROP POLICY %I ON %s', item.name, source);
    END LOOP;
    SELECT c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced INTO item FROM pg_class c WHERE c.oid = source;
    IF item.enabled THEN
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
        EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', source);
    END IF;
    IF item.forced THEN
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', source);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_move_policies FROM PUBLIC;
