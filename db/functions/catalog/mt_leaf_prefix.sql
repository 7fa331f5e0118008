-- What the names of the partitions begin with: mt_events_ or, for a tenant's own, mt_events_t and seven digits.
CREATE OR REPLACE FUNCTION /* schema */mt_leaf_prefix() RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT c.relname || '_' FROM pg_catalog.pg_class c WHERE c.oid = /* schema */mt_range_table());
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_leaf_prefix FROM PUBLIC;
