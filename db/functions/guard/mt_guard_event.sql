-- After a row has entered mt_events: no other row may have its stream and version, in whatever partition.
-- What this transaction knows of the stream in hand lies in mt_guard.next, a setting local to the transaction, so that
-- a savepoint takes it back together with the rows and the lock (README.md has its forms). The commonest next row and
-- the commonest first row are decided here, each by one expression (PostgreSQL prepares every expression anew for each
-- transaction); all else in mt_guard_admit. Called for every row, so all names are given in full: to pin the
-- search_path costs a fifth of ten events' append.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $function$
DECLARE
    known bigint;
    noted pg_catalog.bool;
BEGIN
    IF /* schema */mt_guard_go_on(/* conjoined: NEW.tenant_id, */ NEW.stream_id, NEW.version, NEW.timestamp) THEN
        RETURN NULL;
    ELSIF /* schema */mt_guard_is('') THEN
        UPDATE /* schema */mt_streams s SET type = s.type
         WHERE s.id OPERATOR(pg_catalog.=) NEW.stream_id
               /* conjoined: AND s.tenant_id OPERATOR(pg_catalog.=) NEW.tenant_id */
        RETURNING greatest(s.version, 0) INTO known;
        IF NOT /* schema */mt_guard_is('') THEN
            PERFORM /* schema */mt_guard_leave(/* schema */mt_guard_state());  -- of triggers on that row
        END IF;
        IF /* schema */mt_guard_begin(
               /* conjoined: NEW.tenant_id, */ NEW.stream_id, NEW.version, NEW.timestamp, known) THEN
            RETURN NULL;
        END IF;
    ELSIF /* schema */mt_guard_is_left(TG_RELID) THEN
        RETURN NULL;
    ELSIF /* schema */mt_guard_is('noted') THEN
        noted := /* schema */mt_guard_note(
            /* conjoined: NEW.tenant_id, */ NEW.stream_id, NEW.version, NEW.seq_id, NEW.timestamp, TG_RELID);
        RETURN NULL;
    END IF;

    IF NEW.stream_id IS NOT NULL /* conjoined: AND NEW.tenant_id IS NOT NULL */ THEN
        PERFORM /* schema */mt_guard_admit(
            /* schema */mt_guard_state(), /* conjoined: NEW.tenant_id, */
            NEW.stream_id, NEW.version, NEW.seq_id, NEW.timestamp);
        IF /* schema */mt_guard_is('noted') THEN
            noted := /* schema */mt_guard_note(
                /* conjoined: NEW.tenant_id, */ NEW.stream_id, NEW.version, NEW.seq_id, NEW.timestamp, TG_RELID);
        END IF;
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_event FROM PUBLIC;
