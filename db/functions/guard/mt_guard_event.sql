-- After a row has entered mt_events: no other row may have its stream and version, in whatever partition.
-- What this transaction knows of the stream in hand lies in mt_guard.next, a setting local to the transaction, so that
-- a savepoint takes it back together with the rows and the lock. 'N=stream': we hold the stream's row lock, and N and
-- all versions above are free (conjoined, a stream is written 'length of the tenant:tenant', its id behind it). A
-- transaction's id: all is vouched for by a function that holds the streams' locks.
-- The commonest next row and the commonest first row are decided here, each by one expression (PostgreSQL prepares
-- every expression anew for each transaction); all else in mt_guard_admit. CASE, because AND evaluates what follows a
-- null too, and here that is an act.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_event() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    known bigint;
BEGIN
    IF (CASE WHEN current_setting('mt_guard.next', true) = NEW.version || '='
                      || /* conjoined: length(NEW.tenant_id) || ':' || NEW.tenant_id || */ NEW.stream_id
                  AND NEW.timestamp BETWEEN now() - interval '5 minutes' AND now() + interval '5 minutes'
             THEN set_config('mt_guard.next', (NEW.version + 1) || '='
                      || /* conjoined: length(NEW.tenant_id) || ':' || NEW.tenant_id || */ NEW.stream_id, true) <> ''
             END) THEN
        RETURN NULL;
    ELSIF coalesce(current_setting('mt_guard.next', true), '') = '' THEN
        UPDATE /* schema */mt_streams s SET type = s.type
         WHERE s.id = NEW.stream_id /* conjoined: AND s.tenant_id = NEW.tenant_id */
        RETURNING greatest(s.version, 0) INTO known;
        IF (CASE WHEN NEW.version > known
                      AND NEW.timestamp BETWEEN now() - interval '5 minutes' AND now() + interval '5 minutes'
                 THEN set_config('mt_guard.next', (NEW.version + 1) || '='
                         || /* conjoined: length(NEW.tenant_id) || ':' || NEW.tenant_id || */ NEW.stream_id, true) <> ''
                 END) THEN
            RETURN NULL;
        END IF;
    ELSIF current_setting('mt_guard.next') = pg_current_xact_id()::text AND pg_trigger_depth() = 1 THEN
        RETURN NULL;
    END IF;

    IF NEW.stream_id IS NOT NULL /* conjoined: AND NEW.tenant_id IS NOT NULL */ THEN
        PERFORM /* schema */mt_guard_admit(current_setting('mt_guard.next', true), /* conjoined: NEW.tenant_id, */
                                           NEW.stream_id, NEW.version, NEW.seq_id, NEW.timestamp);
    END IF;
    RETURN NULL;
END
$function$;
