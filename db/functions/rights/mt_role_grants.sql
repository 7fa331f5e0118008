-- What was granted to this role itself on what is in the schema of the events, and whether it is a member of the role
-- that they belong to.
CREATE OR REPLACE FUNCTION /* schema */mt_role_grants(role name)
RETURNS TABLE (class text, id oid, privilege text)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    granted_to oid := (SELECT r.oid FROM pg_roles r WHERE r.rolname = role);
    events     record;
BEGIN
    SELECT c.relnamespace AS area, c.relowner AS owner INTO STRICT events
      FROM pg_class c WHERE c.oid = /* schema */mt_events_table();
    RETURN QUERY
    SELECT 'role', m.roleid, 'MEMBER' FROM pg_auth_members m WHERE m.member = granted_to AND m.roleid = events.owner
     UNION
    SELECT o.class, o.id, a.privilege_type
      FROM (SELECT 'schema' AS class, n.oid AS id, n.nspacl AS acl FROM pg_namespace n WHERE n.oid = events.area
             UNION ALL
            SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, c.oid, c.relacl
              FROM pg_class c WHERE c.relnamespace = events.area
             UNION ALL
            SELECT 'function', p.oid, p.proacl FROM pg_proc p WHERE p.pronamespace = events.area) o,
           aclexplode(o.acl) a
     WHERE a.grantee = granted_to;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_role_grants FROM PUBLIC;
