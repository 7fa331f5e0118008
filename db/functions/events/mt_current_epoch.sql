-- How often what the partitions promise has changed; 0 in a plain store. Runs as its owner: whoever may read events
-- must see that a seal was withdrawn.
CREATE OR REPLACE FUNCTION /* schema */mt_current_epoch() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN coalesce(pg_sequence_last_value(to_regclass('mt_partition_epoch')), 0);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_current_epoch FROM PUBLIC;
