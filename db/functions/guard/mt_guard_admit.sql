-- Decides on a row that mt_guard_event cannot decide on at a glance. The state's further forms:
-- 'N<C<stream', the versions from N to C are free and mt_streams tells of them already (Marten's Rich mode);
-- 'N!stream', the stream is in hand and mt_streams tells of all its versions; 'none', nothing is in hand any more.
-- After '!' the stream is entered anew, because mt_guard_commit may have been and gone. While a function vouches for
-- its own rows, those that somebody's trigger adds are looked up one by one.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_admit(
    state text, /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint,
    event_seq bigint, event_time timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    part    text[] := regexp_match(state, '^([0-9]+)(<([0-9]+)<|[=!])(.*)$', 's');
    name    text   := /* conjoined: length(tenant) || ':' || tenant || */ stream;
    free    bigint := CASE WHEN part[4] = name THEN part[1]::bigint END;
    told    bigint := CASE WHEN part[4] = name THEN part[3]::bigint END;
    vouched boolean := state = pg_current_xact_id()::text;
BEGIN
    IF vouched THEN
        PERFORM set_config('mt_guard.unsettled', 'on', true);
    END IF;
    IF free IS NULL OR part[2] = '!' OR event_version > told THEN
        free := greatest(free, /* schema */mt_guard_enter(state, /* conjoined: tenant, */ stream));
        told := NULL;
    END IF;
    IF event_version >= free THEN
        free := event_version + 1;
    ELSE
        PERFORM /* schema */mt_guard_search(/* conjoined: tenant, */ stream, event_version, event_seq, event_time);
    END IF;
    PERFORM set_config('mt_guard.next', CASE WHEN vouched THEN state
                                             ELSE free || coalesce('<' || told || '<', '=') || name END, true);
    IF event_time NOT BETWEEN now() - interval '5 minutes' AND now() + interval '5 minutes' THEN
        PERFORM /* schema */mt_record_stream_bounds(/* conjoined: tenant, */ stream, event_time, event_time);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_admit FROM PUBLIC;
