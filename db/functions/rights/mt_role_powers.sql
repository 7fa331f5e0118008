-- All that a role may do with what is in the schema of the store, by grants to it, to roles that it is a member of, or
-- to PUBLIC. What everybody may do by design is left out: call what PostgreSQL itself calls and what Marten made, read
-- claims and epoch, look for names in the schema.
CREATE OR REPLACE FUNCTION /* schema */mt_role_powers(role oid, area oid)
RETURNS TABLE (class text, id oid, object text, privilege text)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    whole_table text[] := ARRAY['DELETE', 'TRUNCATE', 'TRIGGER'];  -- the others may be on columns, too
BEGIN
    IF current_setting('server_version_num')::integer >= 170000 THEN
        whole_table := whole_table || 'MAINTAIN'::text;
    END IF;
    RETURN QUERY
    SELECT 'schema', n.oid, quote_ident(n.nspname), 'CREATE' FROM pg_namespace n
     WHERE n.oid = area AND has_schema_privilege(role, n.oid, 'CREATE')
     UNION ALL
    SELECT 'table', c.oid, format('%I.%I', n.nspname, c.relname), p.privilege
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'] || whole_table) p (privilege)
     WHERE n.oid = area AND c.relkind IN ('r', 'p', 'v') AND c.relname ~ '^(mt|event_store)_'
       AND CASE WHEN p.privilege = ANY (whole_table) THEN has_table_privilege(role, c.oid, p.privilege)
                ELSE has_any_column_privilege(role, c.oid, p.privilege) END
     UNION ALL
    SELECT 'sequence', c.oid, format('%I.%I', n.nspname, c.relname), p.privilege
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     CROSS JOIN unnest(ARRAY['SELECT', 'USAGE', 'UPDATE']) p (privilege)
     WHERE n.oid = area AND c.relkind = 'S' AND c.relname ~ '^mt_' AND has_sequence_privilege(role, c.oid, p.privilege)
       AND NOT (p.privilege = 'SELECT' AND c.relname ~ '^mt_(events_.*_claim|partition_epoch)$')
     UNION ALL
    SELECT 'function', f.oid, format('%I.%I(%s)', n.nspname, f.proname, oidvectortypes(f.proargtypes)), 'EXECUTE'
      FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
     WHERE n.oid = area AND has_function_privilege(role, f.oid, 'EXECUTE')
       AND f.proname NOT IN ('mt_claim_withdrawn', 'mt_stream_events', 'mt_vouched')
       AND NOT /* schema */mt_is_function_of_marten(f.oid)
       AND EXISTS (SELECT FROM unnest(f.proconfig) c WHERE starts_with(c, 'search_path='));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_role_powers FROM PUBLIC;
