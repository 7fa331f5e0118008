-- Who may use one table may use the other: a store that reads a partition by its name needs the rights it has on the parent.
-- A claim's sequence is read at every planning and changed by whoever inserts: all who hold a right get its use.
CREATE OR REPLACE FUNCTION /* schema */mt_copy_grants(source regclass, target regclass, to_sequence boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT a.grantee, a.privilege_type FROM pg_catalog.pg_class c, aclexplode(c.relacl) a
         WHERE c.oid = source AND a.grantee <> c.relowner
    LOOP
        EXECUTE format('GRANT %s %s TO %s',
                       CASE WHEN to_sequence THEN 'SELECT, UPDATE ON SEQUENCE' ELSE held.privilege_type || ' ON' END, target,
                       CASE held.grantee WHEN 0 THEN 'PUBLIC' ELSE held.grantee::regrole::text END);
    END LOOP;
END
$function$;
