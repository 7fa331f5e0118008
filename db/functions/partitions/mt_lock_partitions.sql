-- Locks mt_events and some of its partitions in ACCESS EXCLUSIVE mode. Whoever queues behind waits for all of these
-- locks together no longer than lock_timeout allows for one.
CREATE OR REPLACE FUNCTION /* schema */mt_lock_partitions(VARIADIC leaves regclass[]) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    patience integer := extract(epoch FROM current_setting('lock_timeout')::interval) * 1000;
    started  timestamptz := clock_timestamp();
    waited   integer;
    item     regclass;
BEGIN
    FOREACH item IN ARRAY /* schema */mt_events_table() || leaves LOOP
        waited := extract(epoch FROM clock_timestamp() - started) * 1000;
        PERFORM set_config('lock_timeout', greatest(patience - waited, 1)::text, true);
        EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', item);
    END LOOP;
    PERFORM set_config('lock_timeout', patience::text, true);
END
$function$;
