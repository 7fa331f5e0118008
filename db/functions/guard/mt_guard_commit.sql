-- At commit: mt_streams.version must not stay behind the events, because the next writer takes it for the highest
-- version. Marten's writers have moved it; for one that has not (raw SQL) it is moved here, to what the events say.
-- Likewise a stream whose row does not tell of the present gets its bounds recorded. Under SET CONSTRAINTS IMMEDIATE
-- this is called from inside the guard, before the first row is noted: then it defers itself to the commit again.
-- An empty state otherwise: somebody changed a stream's type.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_commit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
DECLARE
    state text;
    held  text;
    told  record;
    lags  boolean;
BEGIN
    IF ltrim(current_setting('mt_guard.next', true), '0123456789')
       = '!' || /* conjoined: length(NEW.tenant_id) || ':' || NEW.tenant_id || */ NEW.id THEN
        RETURN NULL;
    END IF;
    state := coalesce(current_setting('mt_guard.next', true), '');
    held := ltrim(state, '0123456789');
    IF state = '' THEN
        IF pg_trigger_depth() > 1 THEN
            SET CONSTRAINTS /* schema */mt_guard_commit DEFERRED;
            UPDATE /* schema */mt_streams s SET type = s.type
             WHERE s.id = NEW.id /* conjoined: AND s.tenant_id = NEW.tenant_id */;
        END IF;
        RETURN NULL;
    END IF;
    SELECT greatest(s.version, 0) AS version, s.created, s.timestamp INTO told
      FROM /* schema */mt_streams s WHERE s.id = NEW.id /* conjoined: AND s.tenant_id = NEW.tenant_id */;
    lags := CASE held WHEN '=' || /* conjoined: length(NEW.tenant_id) || ':' || NEW.tenant_id || */ NEW.id
                      THEN told.version < substring(state FROM '^[0-9]+')::bigint - 1
                      ELSE current_setting('mt_guard.unsettled', true) = 'on' END;
    IF lags THEN
        UPDATE /* schema */mt_streams s SET version = e.highest, timestamp = greatest(s.timestamp, now())
          FROM (SELECT /* schema */mt_guard_highest(/* conjoined: NEW.tenant_id, */ NEW.id) AS highest OFFSET 0) e
         WHERE s.id = NEW.id /* conjoined: AND s.tenant_id = NEW.tenant_id */ AND told.version < e.highest;
    END IF;
    IF held = '=' || /* conjoined: length(NEW.tenant_id) || ':' || NEW.tenant_id || */ NEW.id THEN
        PERFORM set_config('mt_guard.next', 'none', true);
    END IF;
    IF told.timestamp < now() - interval '5 minutes' OR told.created > now() + interval '5 minutes' THEN
        PERFORM /* schema */mt_record_stream_bounds(
            /* conjoined: NEW.tenant_id, */ NEW.id, now() - interval '5 minutes', now() + interval '5 minutes');
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_commit FROM PUBLIC;
