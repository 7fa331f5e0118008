-- Makes the events append-only for everybody, or lifts that again: UPDATE, DELETE and TRUNCATE of mt_events are refused,
-- in every partition. Not the default, because Marten itself changes events when it archives, masks or overwrites them.
-- What expires under drop_old_partitions still goes, stream by stream and whole.
CREATE OR REPLACE FUNCTION /* schema */mt_enforce_append_only(enforced boolean DEFAULT true) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET lock_timeout = '2s' AS $function$
BEGIN
    DROP TRIGGER IF EXISTS mt_append_only ON /* schema */mt_events;
    DROP TRIGGER IF EXISTS mt_append_only_truncate ON /* schema */mt_events;
    IF enforced THEN
        CREATE TRIGGER mt_append_only BEFORE UPDATE OR DELETE ON /* schema */mt_events
            FOR EACH ROW EXECUTE FUNCTION /* schema */mt_refuse_change();
        CREATE TRIGGER mt_append_only_truncate BEFORE TRUNCATE ON /* schema */mt_events
            FOR EACH STATEMENT EXECUTE FUNCTION /* schema */mt_refuse_change();
    END IF;
END
$function$;
