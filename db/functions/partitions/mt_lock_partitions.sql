-- Locks mt_events (or the part of the tenant in hand) and some of its partitions in ACCESS EXCLUSIVE mode. Whoever
-- queues behind waits for all of these locks together no longer than lock_timeout allows for one. For the partitions a
-- fifth less: should one who reads a partition by its name now want mt_events, it is we who give way, before the
-- deadlock is looked for.
CREATE OR REPLACE FUNCTION /* schema */mt_lock_partitions(VARIADIC leaves regclass[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    patience integer := extract(epoch FROM current_setting('lock_timeout')::interval) * 1000;
    started  timestamptz := clock_timestamp();
    waited   integer := 0;
    item     regclass;
BEGIN
    FOREACH item IN ARRAY /* schema */mt_range_table() || leaves LOOP
        PERFORM set_config('lock_timeout', greatest(patience - waited, 1)::text, true);
        EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', item);
        waited := extract(epoch FROM clock_timestamp() - started) * 1000 + patience / 5;
    END LOOP;
    PERFORM set_config('lock_timeout', patience::text, true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_lock_partitions FROM PUBLIC;
