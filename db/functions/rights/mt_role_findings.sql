-- What this role was not given although roles of these kinds need it (missing), and what it may do with the store, by
-- whatever way, although they do not (more). All that everybody may do by design is left out.
CREATE OR REPLACE FUNCTION /* schema */mt_role_findings(role name, kinds text[])
RETURNS TABLE (finding text, class text, object text, privilege text)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    store   record;
    holder  record;
    member  boolean;
BEGIN
    SELECT n.oid AS area, n.nspname AS name, c.relowner AS owner INTO STRICT store
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = /* schema */mt_events_table();
    SELECT r.oid AS id, r.rolsuper AS super INTO STRICT holder FROM pg_roles r WHERE r.rolname = role;
    member := pg_has_role(holder.id, store.owner, 'MEMBER');
    RETURN QUERY
    SELECT 'missing', r.class, r.object, r.privilege
      FROM (SELECT DISTINCT r.class, r.id, r.object, r.privilege
              FROM unnest(kinds) k (kind) CROSS JOIN LATERAL /* schema */mt_role_rights(k.kind) r) r
     WHERE (r.class, r.id, r.privilege) NOT IN (
        SELECT g.class, g.id, g.privilege FROM /* schema */mt_role_grants(role) g)
     ORDER BY r.class, r.object COLLATE "C", r.privilege;
    IF 'maintainer' = ANY (kinds) AND member AND NOT pg_has_role(holder.id, store.owner, 'USAGE') THEN
        RETURN QUERY SELECT 'missing', 'role', store.owner::regrole::text, 'INHERIT';
    END IF;
    IF holder.super THEN
        RETURN QUERY SELECT 'more', 'role', quote_ident(role), 'SUPERUSER';
    ELSIF member THEN
        RETURN QUERY SELECT 'more', 'role', store.owner::regrole::text, 'MEMBER' WHERE 'maintainer' <> ALL (kinds);
    ELSE
        RETURN QUERY
        SELECT 'more', m.class, m.object, m.privilege FROM /* schema */mt_role_powers(holder.id, store.area) m
         WHERE (m.class, m.id, m.privilege) NOT IN (
            SELECT r.class, r.id, r.privilege
              FROM unnest(kinds) k (kind) CROSS JOIN LATERAL /* schema */mt_role_rights(k.kind) r)
         ORDER BY m.class, m.object COLLATE "C", m.privilege;
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_role_findings FROM PUBLIC;
