-- Notes that the versions after old_version up to new_version are about to come. A stream whose row does not tell of
-- the present (Rich mode leaves mt_streams.timestamp alone) gets its bounds recorded.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_announce(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, old_version bigint, new_version bigint,
    born timestamptz, told timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    form  CONSTANT text := '^([0-9]+)(<([0-9]+)<|~[0-9]+~|[=!])(.*)$';
    state text   := current_setting('mt_guard.next', true);
    part  text[] := regexp_match(state, form, 's');
    name  text   := /* schema */mt_guard_name(/* conjoined: tenant, */ stream);
    free  bigint := greatest(old_version, 0) + 1;
BEGIN
    IF born > now() + interval '5 minutes'
       OR told < now() - interval '5 minutes' AND state IS DISTINCT FROM pg_current_xact_id()::text THEN
        PERFORM /* schema */mt_record_stream_bounds(
            /* conjoined: tenant, */ stream, now() - interval '5 minutes', now() + interval '5 minutes');
    END IF;
    IF state = pg_current_xact_id()::text THEN
        RETURN;
    END IF;
    IF part[4] IS DISTINCT FROM name THEN
        PERFORM /* schema */mt_guard_leave(state);
        state := CASE WHEN state = 'noted' OR part[1]::bigint <= part[3]::bigint THEN 'noted' END;
        part := regexp_match(/* schema */mt_guard_noted(name), form, 's');
        IF part IS NULL AND current_setting('mt_guard.unsettled', true) = 'on' THEN
            free := greatest(free, /* schema */mt_guard_highest(/* conjoined: tenant, */ stream) + 1);
        END IF;
    ELSE
        state := NULL;
    END IF;
    IF (part[2] = '=' OR part[2] LIKE '~%') IS NOT TRUE THEN
        part[1] := coalesce(part[1]::bigint, free);
        part[2] := '<' || new_version || '<';
    END IF;  -- else rows have still to be settled: mt_guard_commit will
    IF state = 'noted' OR part[2] LIKE '~%' THEN
        PERFORM /* schema */mt_guard_leave(part[1] || part[2] || name);
        state := 'noted';
    END IF;
    state := set_config('mt_guard.next', coalesce(state, part[1] || part[2] || name), true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_announce FROM PUBLIC;
