-- Takes all rights on a table from everybody but its owner: those that came with ALTER DEFAULT PRIVILEGES, too.
CREATE OR REPLACE FUNCTION /* schema */mt_close_table(closed regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT DISTINCT a.grantee
          FROM (SELECT c.relowner, c.relacl FROM pg_class c WHERE c.oid = closed
                 UNION ALL
                SELECT c.relowner, t.attacl FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
                 WHERE c.oid = closed AND NOT t.attisdropped) s, aclexplode(s.relacl) a
         WHERE a.grantee <> s.relowner
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE %s FROM %s CASCADE', closed, /* schema */mt_role_name(held.grantee));
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_close_table FROM PUBLIC;
