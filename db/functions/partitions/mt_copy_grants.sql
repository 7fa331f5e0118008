-- Who may use one table may use the other: a store that reads a partition by its name needs the rights it has on the
-- parent.
CREATE OR REPLACE FUNCTION /* schema */mt_copy_grants(source regclass, target regclass)
RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT a.grantee, a.privilege_type FROM pg_catalog.pg_class c, aclexplode(c.relacl) a
         WHERE c.oid = source AND a.grantee <> c.relowner
    LOOP
        EXECUTE format('GRANT %s ON %s TO %s', held.privilege_type, target,
                       CASE held.grantee WHEN 0 THEN 'PUBLIC' ELSE held.grantee::regrole::text END);
    END LOOP;
END
$function$;
