-- A new stream that already carries a version (Marten's Rich mode, a restore): its events are about to come, and none
-- can be there yet. The first is what the transaction goes on with, those that follow are noted (mt_guard_leave), with
-- the span of time that their rows tell of if that is not the present. Beyond a million they are not: their events will
-- be looked for. All names are given in full, as in mt_guard_event.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_stream_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $function$
DECLARE
    state   pg_catalog.text;
    present pg_catalog.bool;
    name    pg_catalog.text;
    place   pg_catalog.text;
    page    pg_catalog.text;
BEGIN
    IF (NEW.version OPERATOR(pg_catalog.>) 0) IS NOT TRUE THEN
        RETURN NULL;
    END IF;
    state := /* schema */mt_guard_state();
    present := NEW.timestamp OPERATOR(pg_catalog.>=) (pg_catalog.now() OPERATOR(pg_catalog.-) interval '5 minutes')
               AND NEW.created OPERATOR(pg_catalog.<=) (pg_catalog.now() OPERATOR(pg_catalog.+) interval '5 minutes');
    name := /* schema */mt_guard_name(/* conjoined: NEW.tenant_id, */ NEW.id);
    IF state OPERATOR(pg_catalog.=) '' AND present THEN
        state := pg_catalog.set_config('mt_guard.next',
            '1<' OPERATOR(pg_catalog.||) NEW.version OPERATOR(pg_catalog.||) '<' OPERATOR(pg_catalog.||) name, true);
        RETURN NULL;
    END IF;
    name := /* schema */mt_guard_escaped(name);
    place := /* schema */mt_guard_place(name);
    page := coalesce(pg_catalog.current_setting(place, true), '');
    IF (state OPERATOR(pg_catalog.=) '' OR state OPERATOR(pg_catalog.=) 'noted')
       AND pg_catalog.strpos(page, /* schema */mt_guard_key(name)) OPERATOR(pg_catalog.=) 0 THEN
        -- else its events have come before it, from the same command or a trigger
        state := pg_catalog.set_config('mt_guard.next', 'noted', true);
        IF coalesce(pg_catalog.current_setting('mt_guard.unsettled', true), '') OPERATOR(pg_catalog.=) '' THEN
            state := pg_catalog.set_config('mt_guard.unsettled', 'noted', true);
        END IF;
        IF pg_catalog.octet_length(page) OPERATOR(pg_catalog.<) 100000 THEN
            page := pg_catalog.set_config(place,
                page OPERATOR(pg_catalog.||) /* schema */mt_guard_key(name) OPERATOR(pg_catalog.||) '1<'
                OPERATOR(pg_catalog.||) NEW.version OPERATOR(pg_catalog.||) '<' OPERATOR(pg_catalog.||)
                CASE WHEN present THEN ''
                     ELSE /* schema */mt_guard_span(
                              NEW.created, NEW.created OPERATOR(pg_catalog.-) interval '10 minutes',
                              NEW.timestamp OPERATOR(pg_catalog.+) interval '10 minutes') END, true);
        END IF;
        RETURN NULL;
    END IF;
    PERFORM /* schema */mt_guard_announce(
        /* conjoined: NEW.tenant_id, */ NEW.id, 0, NEW.version, NEW.created, NEW.timestamp);
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_stream_insert FROM PUBLIC;
