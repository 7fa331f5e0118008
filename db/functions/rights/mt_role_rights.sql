-- The least that a role of this kind needs, as far as it is there: app, maintainer, reader, auditor or legal. Nobody
-- needs rights on partitions. Who maintains the store is a member of the role that it belongs to, because PostgreSQL
-- lets nobody else change tables. A reader may read the views, an app not: so each kind can be told by its rights.
CREATE OR REPLACE FUNCTION /* schema */mt_role_rights(kind text)
RETURNS TABLE (class text, id oid, object text, privilege text)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    store   record;
    entries text[] := CASE kind WHEN 'app' THEN '{SELECT,INSERT}' WHEN 'legal' THEN '{hold}'
                                WHEN 'maintainer' THEN '{}' ELSE '{SELECT}' END;
BEGIN
    IF kind IS NULL OR kind <> ALL (ARRAY['app', 'maintainer', 'reader', 'auditor', 'legal']) THEN
        RAISE EXCEPTION 'there is no kind of role called %', coalesce(quote_literal(kind), 'NULL')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'There are app, maintainer, reader, auditor and legal.';
    END IF;
    SELECT n.oid AS area, n.nspname AS name, c.relowner AS owner INTO STRICT store
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = /* schema */mt_events_table();
    RETURN QUERY
    SELECT 'role', store.owner, store.owner::regrole::text, 'MEMBER' WHERE kind = 'maintainer'
     UNION ALL
    SELECT 'schema', store.area, quote_ident(store.name), 'USAGE' WHERE kind <> 'maintainer'
     UNION ALL
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, c.oid, format('%I.%I', store.name, c.relname),
           unnest(w.privileges)
      FROM (VALUES
            ('{app,reader}'::text[], '^mt_(events|streams|stream_bounds)$', '{SELECT}'::text[]),
            ('{app}', '^mt_events$', '{INSERT,UPDATE}'),
            ('{app}', '^mt_streams$', '{INSERT,UPDATE,DELETE}'),
            ('{app}', '^mt_(import_progress|hilo|high_water_skips|tenant_partitions|dcb_tag_version)$',
             '{SELECT,INSERT,UPDATE,DELETE}'),
            ('{app}', '^mt_(doc|event|natural_key)_', '{SELECT,INSERT,UPDATE,DELETE}'),
            ('{app}', '^mt_events_sequence$', '{SELECT,USAGE}'),
            ('{reader}', '^event_store_', '{SELECT}'),
            ('{auditor}', '^event_store_(index_usage|partition_metrics|partition_overview)$', '{SELECT}'),
            ('{auditor}', '^mt_(conversion|migrations|partition_archives|removed_partitions|retention_run)$',
             '{SELECT}'),
            ('{auditor,legal}', '^mt_legal_holds$', '{SELECT}')) w (kinds, names, privileges)
      JOIN pg_class c ON c.relname ~ w.names
     WHERE kind = ANY (w.kinds) AND c.relnamespace = store.area AND c.relkind IN ('r', 'p', 'v', 'S')
       AND NOT c.relispartition
     UNION ALL
    SELECT 'function', p.oid, format('%I.%I(%s)', store.name, p.proname, oidvectortypes(p.proargtypes)), 'EXECUTE'
      FROM pg_proc p
     WHERE p.pronamespace = store.area
       AND (p.proname IN (SELECT e.entry FROM /* schema */mt_entry_points() e WHERE e.needs = ANY (entries))
            OR kind = 'app' AND /* schema */mt_is_function_of_marten(p.oid));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_role_rights FROM PUBLIC;
