-- At commit: mt_streams.version must not stay behind the events, because the next writer takes it for the highest
-- version. Marten's writers have moved it; for one that has not (raw SQL) it is moved here, to what the events say:
-- as has been noted of them, or as they are found to be where that need not be all ('on').
-- Likewise a stream whose row does not tell of the present gets its bounds recorded. Under SET CONSTRAINTS IMMEDIATE
-- this is called from inside the guard, before the first row is noted: then it defers itself to the commit again.
-- An empty state otherwise: somebody changed a stream's type.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_commit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
DECLARE
    form  CONSTANT text := '^([0-9]+)(<[0-9]+<|~[0-9]+~|[=!])(.*)$';
    name  text;
    state text;
    part  text[];
    last  bigint;
    told  record;
BEGIN
    IF ltrim(current_setting('mt_guard.next', true), '0123456789')
       = '!' || /* conjoined: length(NEW.tenant_id) || ':' || NEW.tenant_id || */ NEW.id THEN
        RETURN NULL;
    END IF;
    name := /* conjoined: length(NEW.tenant_id) || ':' || NEW.tenant_id || */ NEW.id;
    state := coalesce(current_setting('mt_guard.next', true), '');
    part := regexp_match(state, form, 's');
    IF state = '' THEN
        IF pg_trigger_depth() > 1 THEN
            SET CONSTRAINTS /* schema */mt_guard_commit DEFERRED;
            UPDATE /* schema */mt_streams s SET type = s.type
             WHERE s.id = NEW.id /* conjoined: AND s.tenant_id = NEW.tenant_id */;
        END IF;
        RETURN NULL;
    END IF;
    IF part[3] IS DISTINCT FROM name THEN
        IF state <> 'noted' THEN
            PERFORM /* schema */mt_guard_leave(state);
        END IF;
        part := regexp_match(/* schema */mt_guard_noted(name), form, 's');
    END IF;
    IF part[2] = '!' THEN
        RETURN NULL;
    END IF;
    last := CASE current_setting('mt_guard.unsettled', true)
                WHEN 'on' THEN /* schema */mt_guard_highest(/* conjoined: NEW.tenant_id, */ NEW.id)
                ELSE part[1]::bigint - 1 END;
    -- So mt_guard_stream_update sees at a glance what this update is for.
    IF last IS NOT NULL AND state <> pg_current_xact_id()::text THEN
        state := set_config('mt_guard.next', last + 1 || '=' || name, true);
    END IF;
    UPDATE /* schema */mt_streams s SET version = last, timestamp = greatest(s.timestamp, now())
     WHERE s.id = NEW.id /* conjoined: AND s.tenant_id = NEW.tenant_id */ AND greatest(s.version, 0) < last
    RETURNING s.created, s.timestamp INTO told;
    IF NOT FOUND THEN
        SELECT s.created, s.timestamp INTO told FROM /* schema */mt_streams s
         WHERE s.id = NEW.id /* conjoined: AND s.tenant_id = NEW.tenant_id */;
    END IF;
    IF state = last + 1 || '=' || name THEN
        PERFORM /* schema */mt_guard_leave(last + 1 || '!' || name), set_config('mt_guard.next', 'noted', true);
    END IF;
    IF told.timestamp < now() - interval '5 minutes' OR told.created > now() + interval '5 minutes' THEN
        PERFORM /* schema */mt_record_stream_bounds(
            /* conjoined: NEW.tenant_id, */ NEW.id, now() - interval '5 minutes', now() + interval '5 minutes');
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_commit FROM PUBLIC;
