-- Takes a partition out, for the rest of a short transaction that puts all time back under partitions. Locks it and the
-- parent; a claim on it goes first, because a reader may look at the catalogs while they still say the old.
CREATE OR REPLACE FUNCTION /* schema */mt_detach_leaf(leaf regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM /* schema */mt_lock_partitions(leaf);
    PERFORM /* schema */mt_drop_claim(leaf);
    PERFORM nextval(e.tableoid) FROM /* schema */mt_partition_epoch e;
    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', /* schema */mt_range_table(), leaf);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_detach_leaf FROM PUBLIC;
