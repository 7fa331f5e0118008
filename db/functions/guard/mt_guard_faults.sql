-- Triggers of the store that do not stand as they should, on the events, on each partition of theirs and on the
-- streams: missing, disabled, or of another mode. DISABLE TRIGGER ALL and ENABLE TRIGGER ALL after it, as pg_restore
-- --disable-triggers has it, leave modes behind that tell of it. Without a row, the guard is in force. In a plain store
-- there is none to be. mt_guard_statement may be missing or off: rows are checked one by one then.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_faults() RETURNS TABLE (relation regclass, trigger text, fault text)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    events  regclass := /* schema */mt_events_table();
    streams regclass := (SELECT t.typrelid::regclass FROM pg_catalog.pg_type t
                          WHERE t.oid = pg_typeof(NULL::/* schema */mt_streams));
BEGIN
    IF (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = events) <> 'p' THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH expected AS (
        SELECT CASE WHEN g.of_streams THEN streams ELSE events END AS relation, g.trigger
          FROM /* schema */mt_guard_triggers() g
         UNION ALL
        SELECT p.relid, g.trigger FROM pg_partition_tree(events) p, /* schema */mt_guard_triggers() g
         WHERE p.relid <> events AND NOT g.of_streams AND g.level = 'ROW'
    ), standing AS (
        SELECT t.tgrelid::regclass AS relation, t.tgname::text AS trigger, t.tgenabled AS mode
          FROM pg_catalog.pg_trigger t
         WHERE t.tgrelid IN (SELECT p.relid FROM pg_partition_tree(events) p UNION ALL SELECT streams)
           AND (starts_with(t.tgname, 'mt_guard_') AND t.tgname <> 'mt_guard_statement'
                OR t.tgname IN ('mt_withdraw', 'mt_note_change', 'mt_append_only', 'mt_append_only_truncate',
                                'mt_tenant_arrives'))
    )
    SELECT f.relation, f.trigger, format('trigger %s on %s is %s', f.trigger, c.relname, f.problem)
      FROM (SELECT x.relation, x.trigger, 'missing' AS problem FROM expected x
             WHERE NOT EXISTS (SELECT FROM standing s WHERE s.relation = x.relation AND s.trigger = x.trigger)
             UNION ALL
            SELECT s.relation, s.trigger, CASE s.mode WHEN 'D' THEN 'disabled' ELSE 'not in its mode' END
              FROM standing s
             WHERE s.mode <> ALL (CASE WHEN s.trigger = 'mt_guard_replica' THEN ARRAY['R']
                                       WHEN s.trigger IN ('mt_withdraw', 'mt_note_change') THEN ARRAY['A']
                                       ELSE ARRAY['O', 'A'] END::"char"[])) f
      JOIN pg_catalog.pg_class c ON c.oid = f.relation
     ORDER BY f.relation <> events, c.relname, f.trigger;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_faults FROM PUBLIC;
