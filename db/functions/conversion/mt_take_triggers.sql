-- Removes the triggers of the events table, but for ours, and returns the statements that put them up again on the
-- table that will then have its name.
CREATE OR REPLACE FUNCTION /* schema */mt_take_triggers(events regclass) RETURNS text[]
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    statements text[] := '{}';
    item       record;
BEGIN
    FOR item IN SELECT t.tgname, pg_get_triggerdef(t.oid) AS definition, t.tgenabled, events::text AS name,
                       obj_description(t.oid, 'pg_trigger') AS comment
                  FROM pg_catalog.pg_trigger t
                 WHERE t.tgrelid = events AND NOT t.tgisinternal AND t.tgparentid = 0
                   AND t.tgname !~ '^mt_(guard|dual)_' ORDER BY t.oid LOOP
        statements := statements || item.definition;
        IF item.tgenabled <> 'O' THEN
            statements := statements || format('ALTER TABLE %s %s TRIGGER %I', item.name, CASE item.tgenabled
                WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, item.tgname);
        END IF;
        IF item.comment IS NOT NULL THEN
            statements := statements
                || format('COMMENT ON TRIGGER %I ON %s IS %L', item.tgname, item.name, item.comment);
        END IF;
        EXECUTE format('DROP TRIGGER %I ON %s', item.tgname, events);
    END LOOP;
    RETURN statements;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_take_triggers FROM PUBLIC;
