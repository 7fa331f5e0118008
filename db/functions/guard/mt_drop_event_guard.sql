-- Takes the guard's triggers off a table of events.
CREATE OR REPLACE FUNCTION /* schema */mt_drop_event_guard(events regclass) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    item text;
BEGIN
    FOREACH item IN ARRAY ARRAY['mt_guard_event', 'mt_guard_held_event', 'mt_guard_held_truncate'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS %I ON %s', item, events);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_drop_event_guard FROM PUBLIC;
