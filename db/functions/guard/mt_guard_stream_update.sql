-- A version that moves behind its events (Marten's Quick mode) settles them; one that moves ahead (Rich) announces
-- them. What would make mt_streams tell less than the events do is refused (version, id) or remembered (created,
-- timestamp).
CREATE OR REPLACE FUNCTION /* schema */mt_guard_stream_update() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    state text;
BEGIN
    IF NEW.timestamp >= OLD.timestamp AND NEW.created <= OLD.created AND NEW.version >= OLD.version AND NEW.id = OLD.id
       AND (current_setting('mt_guard.next', true) = (NEW.version + 1) || '=' || NEW.id
            AND set_config('mt_guard.next', (NEW.version + 1) || '!' || NEW.id, true) <> ''
            OR current_setting('mt_guard.next', true) = pg_current_xact_id()::text) THEN
        RETURN NULL;
    END IF;

    state := current_setting('mt_guard.next', true);
    IF NEW.version > OLD.version THEN
        PERFORM /* schema */mt_guard_announce(NEW.id, OLD.version, NEW.version, NEW.timestamp);
    ELSIF coalesce(NEW.version, 0) < OLD.version OR NEW.id <> OLD.id THEN
        PERFORM /* schema */mt_guard_refuse(OLD.id, CASE NEW.id WHEN OLD.id THEN coalesce(NEW.version, 0) ELSE 0 END),
                /* schema */mt_guard_forget(state);
    END IF;
    IF NEW.timestamp < OLD.timestamp OR NEW.created > OLD.created THEN
        PERFORM /* schema */mt_record_stream_bounds(OLD.id, OLD.created, OLD.timestamp, true);
    END IF;
    RETURN NULL;
END
$function$;
