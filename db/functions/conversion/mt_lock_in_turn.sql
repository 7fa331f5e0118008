-- Locks tables in ACCESS EXCLUSIVE mode, one after the other. Whoever queues behind waits for all of these locks
-- together no longer than lock_timeout allows for one.
CREATE OR REPLACE FUNCTION /* schema */mt_lock_in_turn(tables regclass[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    patience integer := extract(epoch FROM current_setting('lock_timeout')::interval) * 1000;
    started  timestamptz := clock_timestamp();
    item     regclass;
BEGIN
    FOREACH item IN ARRAY tables LOOP
        PERFORM set_config('lock_timeout', greatest(
            patience - extract(epoch FROM clock_timestamp() - started) * 1000, 1)::integer::text, true);
        EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', item);
    END LOOP;
    PERFORM set_config('lock_timeout', patience::text, true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_lock_in_turn FROM PUBLIC;
