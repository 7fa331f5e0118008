-- What anybody may do with one table they may do with the other from now on, and no longer with the first: rights on
-- columns, too, and with the option to grant them where they had it.
DROP FUNCTION IF EXISTS /* schema */mt_copy_grants(regclass, regclass);
CREATE OR REPLACE FUNCTION /* schema */mt_move_grants(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT a.grantee, a.privilege_type || s.of_column AS privilege, a.is_grantable
          FROM (SELECT c.relowner, c.relacl, '' AS of_column FROM pg_class c WHERE c.oid = source
                 UNION ALL
                SELECT c.relowner, t.attacl, format(' (%I)', t.attname) FROM pg_attribute t
                  JOIN pg_class c ON c.oid = t.attrelid WHERE c.oid = source AND NOT t.attisdropped) s,
               aclexplode(s.relacl) a
         WHERE a.grantee <> s.relowner
    LOOP
        EXECUTE format('GRANT %s ON TABLE %s TO %s %s', held.privilege, target,
                       /* schema */mt_role_name(held.grantee),
                       CASE WHEN held.is_grantable THEN 'WITH GRANT OPTION' ELSE '' END);
    END LOOP;
    PERFORM /* schema */mt_close_table(source);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_move_grants FROM PUBLIC;
