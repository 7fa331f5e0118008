-- After a row has entered mt_events: no other row may have its stream and version, in whatever partition.
-- What this transaction knows of the stream in hand lies in mt_guard.next, a setting local to the transaction, so that
-- a savepoint takes it back together with the rows and the lock. 'N=stream': we hold the stream's row lock, and N and
-- all versions above are free (conjoined, a stream is written 'length of the tenant:tenant', its id behind it). A
-- transaction's id: all is vouched for by a function that holds the streams' locks.
-- The commonest next row and the commonest first row are decided here, each by one expression (PostgreSQL prepares
-- every expression anew for each transaction); all else in mt_guard_admit. CASE, because AND evaluates what follows a
-- null too, and here that is an act.
-- Called for every row, so all names are given in full: to pin the search_path costs a fifth of ten events' append.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $function$
DECLARE
    known bigint;
BEGIN
    IF (CASE WHEN pg_catalog.current_setting('mt_guard.next', true) OPERATOR(pg_catalog.=)
                      (NEW.version OPERATOR(pg_catalog.||) '=' OPERATOR(pg_catalog.||)
                       /* conjoined: pg_catalog.length(NEW.tenant_id) OPERATOR(pg_catalog.||) ':' */
                       /* conjoined: OPERATOR(pg_catalog.||) NEW.tenant_id OPERATOR(pg_catalog.||) */ NEW.stream_id)
                  AND NEW.timestamp OPERATOR(pg_catalog.>=)
                      (pg_catalog.now() OPERATOR(pg_catalog.-) interval '5 minutes')
                  AND NEW.timestamp OPERATOR(pg_catalog.<=)
                      (pg_catalog.now() OPERATOR(pg_catalog.+) interval '5 minutes')
             THEN pg_catalog.set_config('mt_guard.next',
                      (NEW.version OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.||) '=' OPERATOR(pg_catalog.||)
                      /* conjoined: pg_catalog.length(NEW.tenant_id) OPERATOR(pg_catalog.||) ':' */
                      /* conjoined: OPERATOR(pg_catalog.||) NEW.tenant_id OPERATOR(pg_catalog.||) */ NEW.stream_id,
                      true) OPERATOR(pg_catalog.<>) ''
             END) THEN
        RETURN NULL;
    ELSIF coalesce(pg_catalog.current_setting('mt_guard.next', true), '') OPERATOR(pg_catalog.=) '' THEN
        UPDATE /* schema */mt_streams s SET type = s.type
         WHERE s.id OPERATOR(pg_catalog.=) NEW.stream_id
               /* conjoined: AND s.tenant_id OPERATOR(pg_catalog.=) NEW.tenant_id */
        RETURNING greatest(s.version, 0) INTO known;
        IF pg_catalog.current_setting('mt_guard.next', true) OPERATOR(pg_catalog.<>) '' THEN
            PERFORM /* schema */mt_guard_leave(pg_catalog.current_setting('mt_guard.next'));  -- of triggers on that row
        END IF;
        IF (CASE WHEN NEW.version OPERATOR(pg_catalog.=) (known OPERATOR(pg_catalog.+) 1)
                      AND NEW.timestamp OPERATOR(pg_catalog.>=)
                          (pg_catalog.now() OPERATOR(pg_catalog.-) interval '5 minutes')
                      AND NEW.timestamp OPERATOR(pg_catalog.<=)
                          (pg_catalog.now() OPERATOR(pg_catalog.+) interval '5 minutes')
                 THEN pg_catalog.set_config('mt_guard.next',
                          (NEW.version OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.||) '=' OPERATOR(pg_catalog.||)
                          /* conjoined: pg_catalog.length(NEW.tenant_id) OPERATOR(pg_catalog.||) ':' */
                          /* conjoined: OPERATOR(pg_catalog.||) NEW.tenant_id OPERATOR(pg_catalog.||) */ NEW.stream_id,
                          true) OPERATOR(pg_catalog.<>) ''
                 END) THEN
            RETURN NULL;
        END IF;
    ELSIF (CASE WHEN pg_catalog.current_setting('mt_guard.next') OPERATOR(pg_catalog.=) 'noted'
                THEN CASE WHEN pg_catalog.current_setting('mt_guard.rest', true) OPERATOR(pg_catalog.=)
                                   pg_catalog.pg_trigger_depth()::pg_catalog.text
                               AND pg_catalog.strpos(pg_catalog.current_setting('mt_guard.rest_in', true),
                                       ',' OPERATOR(pg_catalog.||) TG_RELID OPERATOR(pg_catalog.||) ',')
                                   OPERATOR(pg_catalog.>) 0
                               AND coalesce(pg_catalog.current_setting('mt_guard.alone', true), '')
                                   OPERATOR(pg_catalog.<>) 'never'
                          THEN true  -- left to mt_guard_statement
                          ELSE /* schema */mt_guard_note(
                              /* conjoined: NEW.tenant_id, */ NEW.stream_id, NEW.version, NEW.seq_id, NEW.timestamp,
                              TG_RELID) END
                ELSE pg_catalog.current_setting('mt_guard.next') OPERATOR(pg_catalog.=)
                         pg_catalog.pg_current_xact_id()::pg_catalog.text
                     AND pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.=) 1 END) THEN
        RETURN NULL;
    END IF;

    IF NEW.stream_id IS NOT NULL /* conjoined: AND NEW.tenant_id IS NOT NULL */ THEN
        PERFORM /* schema */mt_guard_admit(
            pg_catalog.current_setting('mt_guard.next', true), /* conjoined: NEW.tenant_id, */
            NEW.stream_id, NEW.version, NEW.seq_id, NEW.timestamp);
        IF pg_catalog.current_setting('mt_guard.next') OPERATOR(pg_catalog.=) 'noted' THEN
            PERFORM /* schema */mt_guard_note(
                /* conjoined: NEW.tenant_id, */ NEW.stream_id, NEW.version, NEW.seq_id, NEW.timestamp, TG_RELID);
        END IF;
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_event FROM PUBLIC;
