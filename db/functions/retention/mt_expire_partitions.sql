-- Removes these partitions, next to the head, in one transaction, and cuts no stream in half: streams with a later
-- event keep all their events, the others are removed whole, wherever their events lie. Writers into these partitions
-- and the head wait until the transaction ends; all others for the moment at its end. What stays of them is moved into
-- the head where that is quick (5,000 events), else it stays beside the head as one partition, which the next call
-- takes up. Returns the names of the partitions that have gone.
CREATE OR REPLACE FUNCTION /* schema */mt_expire_partitions(leaf_names text[], floor timestamptz) RETURNS SETOF text
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    staid bigint;
BEGIN
    PERFORM /* schema */mt_begin_retention(leaf_names, floor, watched => false);
    PERFORM /* schema */mt_choose_streams();
    IF cardinality(leaf_names) = 1
       AND NOT EXISTS (SELECT FROM /* schema */mt_retention_streams x)
       AND (SELECT pg_relation_size(t.leaf) FROM /* schema */mt_retention_tables(leaf_names) t WHERE t.place = 1)
           > 4000000 THEN
        PERFORM /* schema */mt_end_retention();
        RETURN;  -- what stayed of former ones, and stays
    END IF;
    PERFORM /* schema */mt_remove_streams(2147483647);
    staid := /* schema */mt_copy_retained();
    PERFORM /* schema */mt_swap_retained();
    PERFORM /* schema */mt_drop_expired();
    IF staid <= 5000 THEN
        PERFORM /* schema */mt_merge_retained(2147483647);
    ELSE
        RAISE NOTICE '% events stay beside the head, in %', staid, /* schema */mt_retained_name(leaf_names);
    END IF;
    PERFORM /* schema */mt_end_retention();
    RETURN QUERY SELECT * FROM unnest(leaf_names);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_expire_partitions FROM PUBLIC;
