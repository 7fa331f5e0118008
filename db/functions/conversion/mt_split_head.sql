-- Moves the head's youngest events (at most batch, unless more have the same time) into the partition of their period
-- and lowers the bound between the two: one short transaction. Called again and again it cuts the head into periods,
-- down to the one that starts at floor. leaf_name is null when there is nothing left to cut. Needs a B-tree on the
-- head's timestamp.
CREATE OR REPLACE FUNCTION /* schema */mt_split_head(period text, batch integer, floor timestamptz,
    OUT leaf_name text, OUT moved bigint, OUT boundary timestamptz, OUT held interval)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_sort = off SET client_min_messages = warning
SET search_path FROM CURRENT AS $function$
DECLARE
    head  record;
    start timestamptz;
    leaf  record;
    nth   timestamptz;
    found bigint;
    locked timestamptz;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT p.leaf::regclass, p.upper_bound INTO head FROM /* schema */mt_partitions() p WHERE p.kind = 'head';
    IF head.upper_bound <= floor THEN
        RETURN;
    END IF;
    start := greatest(/* schema */mt_period_start(head.upper_bound - interval '1 microsecond', period), floor);
    leaf_name := 'mt_events_' || /* schema */mt_period_suffix(start, period);
    SELECT p.leaf::regclass, p.upper_bound INTO leaf FROM /* schema */mt_partitions() p
     WHERE p.lower_bound = head.upper_bound AND p.name = leaf_name;
    -- The upper bound is true of all rows; it keeps the scan from walking over all that former batches have moved.
    EXECUTE format('SELECT timestamp FROM %s WHERE timestamp >= $1 AND timestamp < $3
                     ORDER BY timestamp DESC OFFSET $2 LIMIT 1', head.leaf)
       INTO nth USING start, batch, head.upper_bound;
    boundary := coalesce(nth + interval '1 microsecond', start);
    EXECUTE format('SELECT count(*) FROM %s WHERE timestamp >= $1 AND timestamp < $2', head.leaf)
       INTO found USING boundary, head.upper_bound;
    IF found = 0 AND nth IS NOT NULL THEN  -- more than a batch of one time
        boundary := nth;
    END IF;
    IF leaf.leaf IS NULL THEN
        PERFORM /* schema */mt_refuse_crowd(1);
        leaf.leaf := /* schema */mt_create_leaf(leaf_name, true);
        leaf.upper_bound := head.upper_bound;
        PERFORM /* schema */mt_detach_leaf(head.leaf);
    ELSE
        PERFORM /* schema */mt_detach_leaf(head.leaf), /* schema */mt_detach_leaf(leaf.leaf);
    END IF;
    locked := clock_timestamp();
    EXECUTE format('SELECT count(*) FROM %s WHERE timestamp >= $1 AND timestamp < $2', head.leaf)
       INTO moved USING boundary, head.upper_bound;
    PERFORM /* schema */mt_move_events(head.leaf, leaf.leaf, boundary, head.upper_bound),
            /* schema */mt_attach_leaf(leaf.leaf, boundary, leaf.upper_bound, true),
            /* schema */mt_attach_leaf(head.leaf, '-infinity', boundary, true);
    IF boundary = start THEN
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT mt_vouched', leaf.leaf);
    END IF;
    held := clock_timestamp() - locked;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_split_head FROM PUBLIC;
