-- Decides on a row that mt_guard_event cannot decide on at a glance (the state's forms: README.md).
-- After '!' the stream is entered anew, because mt_guard_commit may have been and gone. While a function vouches for
-- its own rows, those that somebody's trigger adds are looked up one by one. A row that is to be noted ('noted') the
-- caller notes: what is planned under two search paths in turns is planned anew each time.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_admit(
    state text, /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint,
    event_seq bigint, event_time timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    form    CONSTANT text := '^([0-9]+)(<([0-9]+)<|~[0-9]+~|[=!])(.*)$';
    part    text[]  := regexp_match(state, form, 's');
    name    text    := /* schema */mt_guard_name(/* conjoined: tenant, */ stream);
    vouched boolean := state = pg_current_xact_id()::text;
    present boolean := /* schema */mt_guard_is_present(event_time);
    free    bigint;
BEGIN
    IF vouched THEN
        state := set_config('mt_guard.unsettled', 'on', true);
        free := (/* schema */mt_guard_enter(/* conjoined: tenant, */ stream)).free;
        IF event_version < free THEN
            PERFORM /* schema */mt_guard_search(/* conjoined: tenant, */ stream, event_version, event_seq, event_time);
        END IF;
        PERFORM /* schema */mt_guard_leave(greatest(free, event_version + 1) || '=' || name);
        state := set_config('mt_guard.next', pg_current_xact_id()::text, true);
    ELSIF part[4] = name AND part[2] <> '!' AND (present OR part[3] IS NOT NULL)
          AND part[1]::bigint = event_version AND (event_version > part[3]::bigint) IS NOT TRUE THEN
        state := set_config('mt_guard.next', event_version + 1 || part[2] || name, true);
    ELSE
        PERFORM /* schema */mt_guard_leave(state);
        IF present AND (part IS NULL OR part[2] = '!' OR part[1]::bigint > part[3]::bigint) THEN
            part := regexp_match(coalesce(/* schema */mt_guard_noted(name), '0!'), form, 's');
            IF part[2] = '!' THEN
                free := greatest(part[1]::bigint, (/* schema */mt_guard_enter(/* conjoined: tenant, */ stream)).free);
                IF event_version = free THEN
                    state := set_config('mt_guard.next', free + 1 || '=' || name, true);
                    RETURN;
                END IF;
            END IF;
        END IF;
        state := set_config('mt_guard.next', 'noted', true);
        RETURN;
    END IF;
    IF NOT present THEN
        PERFORM /* schema */mt_record_stream_bounds(/* conjoined: tenant, */ stream, event_time, event_time);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_admit FROM PUBLIC;
