-- Notes that the versions after old_version up to new_version are about to come. A stream whose row does not tell of
-- the present (Rich mode leaves mt_streams.timestamp alone) gets its bounds recorded.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_announce(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, old_version bigint, new_version bigint,
    born timestamptz, told timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    state text   := current_setting('mt_guard.next', true);
    part  text[] := regexp_match(state, '^([0-9]+)(<[0-9]+<|[=!])(.*)$', 's');
    name  text   := /* conjoined: length(tenant) || ':' || tenant || */ stream;
    free  bigint := greatest(old_version, 0) + 1;
BEGIN
    IF born > now() + interval '5 minutes'
       OR told < now() - interval '5 minutes' AND state IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM /* schema */mt_record_stream_bounds(
            /* conjoined: tenant, */ stream, now() - interval '5 minutes', now() + interval '5 minutes');
    END IF;
    IF state = pg_current_xact_id()::text OR part[3] = name AND part[2] = '=' THEN
        RETURN;  -- vouched for; or in hand with rows still to be settled: mt_guard_commit will
    ELSIF part[3] = name THEN
        free := part[1];
    ELSE
        PERFORM /* schema */mt_guard_leave(state);
        IF current_setting('mt_guard.unsettled', true) = 'on' THEN
            free := greatest(free, /* schema */mt_guard_highest(/* conjoined: tenant, */ stream) + 1);
        END IF;
    END IF;
    state := set_config('mt_guard.next', free || '<' || new_version || '<' || name, true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_announce FROM PUBLIC;
