-- The advisory lock key that everybody shares who rebuilds projections of this store, and so reads its history again.
-- While somebody holds it nothing is removed.
CREATE OR REPLACE FUNCTION /* schema */mt_rebuild_lock() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (x'6d745f72'::bigint << 32) + (SELECT c.relnamespace::bigint FROM pg_catalog.pg_class c
                                           WHERE c.oid = /* schema */mt_events_table());
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_rebuild_lock FROM PUBLIC;
