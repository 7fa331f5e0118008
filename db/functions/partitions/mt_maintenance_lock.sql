-- The advisory lock key of this store's one maintainer.
CREATE OR REPLACE FUNCTION /* schema */mt_maintenance_lock() RETURNS bigint LANGUAGE plpgsql STABLE AS $function$
BEGIN
    RETURN (x'6d745f65'::bigint << 32) + /* schema */mt_events_table()::oid::bigint;
END
$function$;
