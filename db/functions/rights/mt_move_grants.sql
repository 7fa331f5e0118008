-- What anybody may do with one table they may do with the other from now on, and no longer with the first: rights on
-- columns, too, and with the option to grant them where they had it. That holds for the owner, who may have given
-- rights up: those on the first come back, for a partition is changed by nobody else. What default privileges gave the
-- other goes.
DROP FUNCTION IF EXISTS /* schema */mt_copy_grants(regclass, regclass);
CREATE OR REPLACE FUNCTION /* schema */mt_move_grants(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    held  record;
    owner text := (SELECT c.relowner::regrole FROM pg_class c WHERE c.oid = source AND c.relacl IS NOT NULL);
BEGIN
    PERFORM /* schema */mt_close_table(target);
    IF owner IS NOT NULL THEN
        EXECUTE format('REVOKE ALL ON TABLE %s FROM %s', target, owner);
    END IF;
    FOR held IN
        SELECT a.grantee, a.privilege_type || s.of_column AS privilege,
               a.is_grantable AND a.grantee <> s.relowner AS grantable
          FROM (SELECT c.relowner, c.relacl, '' AS of_column FROM pg_class c WHERE c.oid = source
                 UNION ALL
                SELECT c.relowner, t.attacl, format(' (%I)', t.attname) FROM pg_attribute t
                  JOIN pg_class c ON c.oid = t.attrelid WHERE c.oid = source AND NOT t.attisdropped) s,
               aclexplode(s.relacl) a
    LOOP
        EXECUTE format('GRANT %s ON TABLE %s TO %s %s', held.privilege, target,
                       /* schema */mt_role_name(held.grantee),
                       CASE WHEN held.grantable THEN 'WITH GRANT OPTION' ELSE '' END);
    END LOOP;
    IF owner IS NOT NULL THEN
        EXECUTE format('GRANT ALL ON TABLE %s TO %s', source, owner);
    END IF;
    PERFORM /* schema */mt_close_table(source);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_move_grants FROM PUBLIC;
