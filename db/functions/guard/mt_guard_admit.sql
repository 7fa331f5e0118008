-- Decides on a row that mt_guard_event cannot decide on at a glance. The state's further forms:
-- 'N<C<stream', the versions from N to C are free and mt_streams tells of them already (Marten's Rich mode);
-- 'N~B~stream', those from N on are free, and between B and N those that mt_guard_take can take;
-- 'N!stream', the stream is in hand and mt_streams tells of all its versions; 'none', nothing is in hand any more.
-- After '!' the stream is entered anew, because mt_guard_commit may have been and gone. While a function vouches for
-- its own rows, those that somebody's trigger adds are looked up one by one. A stream of which nothing is noted has had
-- no row checked in this transaction; what mt_streams tells of too much is free if no earlier command has written it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_admit(
    state text, /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint,
    event_seq bigint, event_time timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    form    CONSTANT text := '^([0-9]+)(<([0-9]+)<|~([0-9]+)~|[=!])(.*)$';
    part    text[]  := regexp_match(state, form, 's');
    name    text    := /* conjoined: length(tenant) || ':' || tenant || */ stream;
    vouched boolean := state = pg_current_xact_id()::text;
    free    bigint;
    told    bigint;
    base    bigint;
BEGIN
    IF vouched THEN
        PERFORM set_config('mt_guard.unsettled', 'on', true);
    END IF;
    IF part[5] = name AND part[2] <> '!' THEN
        NULL;
    ELSE
        PERFORM /* schema */mt_guard_leave(state);
        part := regexp_match(/* schema */mt_guard_noted(name), form, 's');
    END IF;
    free := part[1];
    told := part[3];
    base := part[4];
    IF part IS NULL OR part[2] = '!' OR event_version > told THEN
        free := greatest(free, /* schema */mt_guard_enter(/* conjoined: tenant, */ stream));
        told := NULL;
        IF part IS NULL AND event_version < free
           AND coalesce(current_setting('mt_guard.unsettled', true), '') <> 'on' THEN
            told := free - 1;
            free := /* schema */mt_guard_earlier(/* conjoined: tenant, */ stream, event_seq, event_time) + 1;
        END IF;
    END IF;
    IF event_version > free AND base IS NULL THEN
        IF told IS NOT NULL THEN
            PERFORM /* schema */mt_guard_enter(/* conjoined: tenant, */ stream);
        END IF;
        base := free - 1;
        told := NULL;
    END IF;
    IF event_version < free AND (event_version > base) IS NOT TRUE
       OR base IS NOT NULL AND NOT /* schema */mt_guard_take(name, event_version) THEN
        PERFORM /* schema */mt_guard_search(/* conjoined: tenant, */ stream, event_version, event_seq, event_time);
    END IF;
    free := greatest(free, event_version + 1);
    PERFORM set_config('mt_guard.next', CASE WHEN vouched THEN state
        ELSE free || coalesce('~' || base || '~', '<' || told || '<', '=') || name END, true);
    IF event_time NOT BETWEEN now() - interval '5 minutes' AND now() + interval '5 minutes' THEN
        PERFORM /* schema */mt_record_stream_bounds(/* conjoined: tenant, */ stream, event_time, event_time);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_admit FROM PUBLIC;
