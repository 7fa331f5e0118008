-- ensure_event_store_partition for all tenants at once.
CREATE OR REPLACE FUNCTION /* schema */ensure_event_store_partitions_for_all(
    months_ahead integer DEFAULT 3, retention_months integer DEFAULT 18)
RETURNS TABLE (action text, partition_name text) LANGUAGE plpgsql AS $function$
BEGIN
    RETURN QUERY SELECT * FROM /* schema */ensure_event_store_partition('*DEFAULT*', months_ahead, retention_months);
END
$function$;
