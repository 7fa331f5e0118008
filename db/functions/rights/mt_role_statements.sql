-- The statements that give this role what roles of these kinds need and it was not given yet, or take away what these
-- kinds give: not what another kind gives that the role has whole. psql runs them with \gexec; where there are none,
-- nothing is to be done.
CREATE OR REPLACE FUNCTION /* schema */mt_role_statements(role name, kinds text[], given boolean DEFAULT true)
RETURNS SETOF text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    inherits boolean := current_setting('server_version_num')::integer >= 160000;  -- said by each grant
BEGIN
    RETURN QUERY
    WITH has AS (
        SELECT g.class, g.id, g.privilege FROM /* schema */mt_role_grants(role) g
         WHERE NOT (given AND inherits AND g.class = 'role') OR pg_has_role(role, g.id, 'USAGE')),
    rights AS (
        SELECT k.kind, r.class, r.id, r.object, r.privilege
          FROM unnest(ARRAY['app', 'maintainer', 'reader', 'auditor', 'legal'] || kinds) k (kind)
         CROSS JOIN LATERAL /* schema */mt_role_rights(k.kind) r),
    kept AS (
        SELECT r.class, r.id, r.privilege FROM rights r
         WHERE NOT given AND r.kind <> ALL (kinds) AND NOT EXISTS (
            SELECT FROM rights o WHERE o.kind = r.kind AND (o.class, o.id, o.privilege) NOT IN (SELECT * FROM has))),
    due AS (
        SELECT r.class, r.object, string_agg(DISTINCT r.privilege, ', ') AS privileges FROM rights r
         WHERE r.kind = ANY (kinds) AND given <> ((r.class, r.id, r.privilege) IN (SELECT * FROM has))
           AND (r.class, r.id, r.privilege) NOT IN (SELECT * FROM kept) GROUP BY r.class, r.object)
    SELECT CASE WHEN d.class <> 'role'
           THEN format(CASE WHEN given THEN 'GRANT %s ON %s %s TO %I' ELSE 'REVOKE %s ON %s %s FROM %I' END,
                       d.privileges, upper(d.class), string_agg(d.object, ', ' ORDER BY d.object COLLATE "C"), role)
           WHEN NOT given THEN format('REVOKE %s FROM %I', min(d.object), role)
           WHEN inherits THEN format('GRANT %s TO %I WITH INHERIT TRUE', min(d.object), role)
           ELSE format('GRANT %s TO %I', min(d.object), role) END
      FROM due d GROUP BY d.class, d.privileges
     ORDER BY array_position(ARRAY['role', 'schema', 'table', 'sequence', 'function'], d.class), d.privileges;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_role_statements FROM PUBLIC;
