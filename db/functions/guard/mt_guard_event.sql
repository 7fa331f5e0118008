-- After a row has entered mt_events: no other row may have its stream and version, in whatever partition. What this
-- transaction knows of the stream in hand lies in mt_guard.next, a setting local to the transaction, so that a
-- savepoint takes it back together with the rows and the lock. 'N=stream': we hold the stream's row lock, and N and
-- all versions above are free. A transaction's id: all is vouched for. The commonest first row and the commonest next
-- row are decided here, all else in mt_guard_admit.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_event() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    state text := current_setting('mt_guard.next', true);
    known bigint;
BEGIN
    IF state = NEW.version || '=' || NEW.stream_id THEN
        state := set_config('mt_guard.next', (NEW.version + 1) || '=' || NEW.stream_id, true);
    ELSIF state = pg_current_xact_id()::text OR NEW.stream_id IS NULL THEN
        RETURN NULL;  -- vouched for by a function that holds the streams' locks; or in no stream
    ELSIF state <> '' THEN
        state := /* schema */mt_guard_admit(state, NEW.stream_id, NEW.version, NEW.seq_id, NEW.timestamp);
    ELSE
        UPDATE /* schema */mt_streams s SET type = s.type WHERE s.id = NEW.stream_id RETURNING s.version INTO known;
        IF NEW.version > known THEN
            state := set_config('mt_guard.next', (NEW.version + 1) || '=' || NEW.stream_id, true);
        ELSE
            state := /* schema */mt_guard_admit('', NEW.stream_id, NEW.version, NEW.seq_id, NEW.timestamp);
        END IF;
    END IF;

    IF NEW.timestamp < now() - interval '10 minutes' OR NEW.timestamp > now() + interval '10 minutes' THEN
        PERFORM /* schema */mt_record_stream_bounds(NEW.stream_id, NEW.timestamp, NEW.timestamp);
    END IF;
    RETURN NULL;
END
$function$;
