-- The advisory lock key of this store's one maintainer: made from its schema, because a conversion changes the table.
CREATE OR REPLACE FUNCTION /* schema */mt_maintenance_lock() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (x'6d745f65'::bigint << 32) + (SELECT c.relnamespace::bigint FROM pg_catalog.pg_class c
                                           WHERE c.oid = /* schema */mt_events_table());
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_maintenance_lock FROM PUBLIC;
