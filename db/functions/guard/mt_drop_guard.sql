-- Takes the guard's triggers off a table of events or streams.
CREATE OR REPLACE FUNCTION /* schema */mt_drop_guard(guarded regclass) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    item name;
BEGIN
    FOR item IN SELECT t.tgname FROM pg_trigger t
                 WHERE t.tgrelid = guarded AND t.tgparentid = 0 AND t.tgname ~ '^mt_guard_' LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', item, guarded);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_drop_guard FROM PUBLIC;
