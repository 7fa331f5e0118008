-- Makes the events append-only for everybody, or lifts that again: UPDATE, DELETE and TRUNCATE of mt_events are
-- refused, in every partition, and so are DELETE and TRUNCATE of mt_streams, which take events along. Not the default,
-- because Marten itself changes events when it archives, masks or overwrites them. What expires under retention still
-- goes, stream by stream and whole.
CREATE OR REPLACE FUNCTION /* schema */mt_enforce_append_only(enforced boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET lock_timeout = '2s' SET search_path FROM CURRENT AS $function$
BEGIN
    DROP TRIGGER IF EXISTS mt_append_only ON /* schema */mt_events;
    DROP TRIGGER IF EXISTS mt_append_only_truncate ON /* schema */mt_events;
    DROP TRIGGER IF EXISTS mt_append_only ON /* schema */mt_streams;
    DROP TRIGGER IF EXISTS mt_append_only_truncate ON /* schema */mt_streams;
    IF enforced THEN
        CREATE TRIGGER mt_append_only BEFORE UPDATE OR DELETE ON /* schema */mt_events
            FOR EACH ROW EXECUTE FUNCTION /* schema */mt_refuse_change();
        CREATE TRIGGER mt_append_only_truncate BEFORE TRUNCATE ON /* schema */mt_events
            FOR EACH STATEMENT EXECUTE FUNCTION /* schema */mt_refuse_change();
        CREATE TRIGGER mt_append_only BEFORE DELETE ON /* schema */mt_streams
            FOR EACH ROW EXECUTE FUNCTION /* schema */mt_refuse_change();
        CREATE TRIGGER mt_append_only_truncate BEFORE TRUNCATE ON /* schema */mt_streams
            FOR EACH STATEMENT EXECUTE FUNCTION /* schema */mt_refuse_change();
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_enforce_append_only FROM PUBLIC;
