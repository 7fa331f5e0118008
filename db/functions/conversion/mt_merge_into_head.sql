-- The reverse of mt_split_head: moves the oldest events (at most batch, unless more have the same time) of the
-- partition next to the head into the head and raises the bound between the two; a partition that has none left goes.
-- leaf_name is null when nothing is left beside the head, or only the tail with no more than a batch: mt_detach_plain
-- moves those.
CREATE OR REPLACE FUNCTION /* schema */mt_merge_into_head(batch integer,
    OUT leaf_name text, OUT moved bigint, OUT boundary timestamptz, OUT held interval)
LANGUAGE plpgsql SET client_min_messages = warning AS $function$
DECLARE
    head record;
    next record;
    nth  timestamptz;
    locked timestamptz;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT p.leaf::regclass, p.upper_bound INTO head FROM /* schema */mt_partitions() p WHERE p.kind = 'head';
    SELECT p.leaf::regclass, p.name, p.kind, p.upper_bound INTO next FROM /* schema */mt_partitions() p
     WHERE p.lower_bound = head.upper_bound;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- The lower bound is true of all rows; it keeps scans from walking over all that former batches have moved.
    EXECUTE format('SELECT timestamp FROM %s WHERE timestamp >= $2 ORDER BY timestamp OFFSET $1 LIMIT 1', next.leaf)
       INTO nth USING batch, head.upper_bound;
    IF nth IS NULL AND next.kind = 'tail' THEN
        RETURN;
    END IF;
    leaf_name := next.name;
    boundary := coalesce(nth, next.upper_bound);
    EXECUTE format('SELECT count(*) FROM %s WHERE timestamp >= $2 AND timestamp < $1', next.leaf)
       INTO moved USING boundary, head.upper_bound;
    IF moved = 0 AND nth IS NOT NULL THEN  -- more than a batch of one time
        boundary := nth + interval '1 microsecond';
    END IF;
    PERFORM /* schema */mt_detach_leaf(head.leaf), /* schema */mt_detach_leaf(next.leaf);
    locked := clock_timestamp();
    EXECUTE format('SELECT count(*) FROM %s WHERE timestamp >= $2 AND timestamp < $1', next.leaf)
       INTO moved USING boundary, head.upper_bound;
    PERFORM /* schema */mt_move_events(next.leaf, head.leaf, head.upper_bound, boundary);
    IF boundary = next.upper_bound THEN
        EXECUTE format('DROP TABLE %s', next.leaf);
    ELSE
        PERFORM /* schema */mt_attach_leaf(next.leaf, boundary, next.upper_bound, true);
    END IF;
    PERFORM /* schema */mt_attach_leaf(head.leaf, '-infinity', boundary, true);
    held := clock_timestamp() - locked;
END
$function$;
