-- Locks mt_events (or the part of the tenant in hand) and some of its partitions in ACCESS EXCLUSIVE mode, these with a
-- fifth less patience (mt_lock_in_turn): somebody may read a partition by its name.
CREATE OR REPLACE FUNCTION /* schema */mt_lock_partitions(VARIADIC leaves regclass[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM /* schema */mt_lock_in_turn(
        /* schema */mt_range_table() || leaves,
        (extract(epoch FROM current_setting('lock_timeout')::interval) * 200)::integer);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_lock_partitions FROM PUBLIC;
