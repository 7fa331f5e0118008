-- A version that moves behind its events (Marten's Quick mode) settles them; one that moves ahead (Rich) announces
-- them. What would make mt_streams tell less than the events do is refused (version, id) or remembered (created,
-- timestamp). A stream whose row does not tell of the present is not settled here: mt_guard_commit sees to it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_stream_update() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF (CASE WHEN NEW.timestamp >= greatest(OLD.timestamp, now() - interval '5 minutes')
                  AND NEW.created <= least(OLD.created, now() + interval '5 minutes')
                  AND NEW.version >= OLD.version
                  AND NEW.id = OLD.id /* conjoined: AND NEW.tenant_id = OLD.tenant_id */
             THEN CASE current_setting('mt_guard.next', true)
                       WHEN (NEW.version + 1) || '='
                            || /* conjoined: length(NEW.tenant_id) || ':' || NEW.tenant_id || */ NEW.id
                       THEN set_config('mt_guard.next', (NEW.version + 1) || '!'
                                || /* conjoined: length(NEW.tenant_id) || ':' || NEW.tenant_id || */ NEW.id, true) <> ''
                       WHEN pg_current_xact_id()::text THEN true END END) THEN
        RETURN NULL;
    END IF;

    IF NEW.id <> OLD.id /* conjoined: OR NEW.tenant_id <> OLD.tenant_id */
       OR greatest(NEW.version, 0) < OLD.version THEN
        PERFORM /* schema */mt_guard_refuse(
                    /* conjoined: OLD.tenant_id, */ OLD.id,
                    CASE WHEN NEW.id = OLD.id /* conjoined: AND NEW.tenant_id = OLD.tenant_id */
                         THEN greatest(NEW.version, 0) END),
                /* schema */mt_guard_forget(current_setting('mt_guard.next', true));
    ELSIF NEW.version > OLD.version THEN
        PERFORM /* schema */mt_guard_announce(
            /* conjoined: NEW.tenant_id, */ NEW.id, OLD.version, NEW.version, NEW.created, NEW.timestamp);
    END IF;
    IF NEW.timestamp < OLD.timestamp OR NEW.created > OLD.created THEN
        PERFORM /* schema */mt_record_stream_bounds(
            /* conjoined: OLD.tenant_id, */ OLD.id,
            OLD.created - interval '10 minutes', OLD.timestamp + interval '10 minutes', true);
    END IF;
    RETURN NULL;
END
$function$;
