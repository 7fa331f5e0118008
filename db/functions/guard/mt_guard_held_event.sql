-- Before an event is changed or removed: not while its stream is under a legal hold. Retention has spared what is held,
-- and keeps new holds waiting (see mt_lock_leaving): to look again for each row would double what it takes under locks.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_held_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    IF NOT /* schema */mt_is_expiring() THEN
        PERFORM /* schema */mt_refuse_held(OLD.tenant_id, OLD.stream_id);
    END IF;
    IF current_setting('mt_guard.next', true) NOT IN ('', pg_current_xact_id()::text)
       AND (TG_OP = 'DELETE' OR (NEW.stream_id, NEW.version) IS DISTINCT FROM (OLD.stream_id, OLD.version)) THEN
        PERFORM set_config('mt_guard.unsettled', 'on', true);  -- the guard's notes tell of a version that goes
    END IF;
    IF TG_OP = 'UPDATE' THEN
        PERFORM set_config('mt_guard.alone', 'never', true);  -- nor are this command's new rows told from the rest
        IF nullif(rtrim(current_setting('mt_guard.rest', true), '.no'), '')::integer >= pg_trigger_depth() THEN
            PERFORM set_config('mt_guard.rest', 'no', true);  -- no statement waits for its end that has left rows
        END IF;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_held_event FROM PUBLIC;
