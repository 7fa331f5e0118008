-- Takes a partition out and out of the way: a table of its own, to be dropped.
CREATE OR REPLACE FUNCTION /* schema */mt_retire_leaf(leaf regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM /* schema */mt_detach_leaf(leaf);
    PERFORM /* schema */mt_rename_leaf(leaf, replace(c.relname, 'mt_events_', 'mt_expired_'))
       FROM pg_catalog.pg_class c WHERE c.oid = leaf;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_retire_leaf FROM PUBLIC;
