-- Locks tables in ACCESS EXCLUSIVE mode, one after the other. Whoever queues behind waits for all of these locks
-- together no longer than lock_timeout allows for one. Those behind the first are waited for so many milliseconds less:
-- whoever holds one of them and now wants the first finds that we give way, before the deadlock is looked for.
DROP FUNCTION IF EXISTS /* schema */mt_lock_in_turn(regclass[]);
CREATE OR REPLACE FUNCTION /* schema */mt_lock_in_turn(tables regclass[], less integer DEFAULT 0) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    patience integer := extract(epoch FROM current_setting('lock_timeout')::interval) * 1000;
    started  timestamptz := clock_timestamp();
    waited   integer := 0;
    item     regclass;
BEGIN
    FOREACH item IN ARRAY tables LOOP
        PERFORM set_config('lock_timeout', greatest(patience - waited, 1)::text, true);
        EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', item);
        waited := extract(epoch FROM clock_timestamp() - started) * 1000 + less;
    END LOOP;
    PERFORM set_config('lock_timeout', patience::text, true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_lock_in_turn FROM PUBLIC;
