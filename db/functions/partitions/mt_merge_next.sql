-- Moves the oldest events (at most batch, unless more have the same time) of the partition that follows another into
-- it, and raises the bound between the two: one short transaction. A partition that has none left goes. leaf_name is
-- null when none follows, or the tail with no more than a batch. Events are never invisible, nor double. A CHECK
-- mt_vouched on both spares a scan under the lock, a B-tree on the follower's timestamp a sort of all of it.
CREATE OR REPLACE FUNCTION /* schema */mt_merge_next(into_name text, batch integer,
    OUT leaf_name text, OUT moved bigint, OUT boundary timestamptz, OUT held interval)
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    into_leaf record;
    next      record;
    nth       timestamptz;
    locked    timestamptz;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT p.leaf::regclass, p.lower_bound, p.upper_bound INTO into_leaf FROM /* schema */mt_partitions() p
     WHERE p.name = into_name;
    SELECT p.leaf::regclass, p.name, p.kind, p.upper_bound INTO next FROM /* schema */mt_partitions() p
     WHERE p.lower_bound = into_leaf.upper_bound;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- The lower bound is true of all rows; it keeps scans from walking over all that former batches have moved.
    EXECUTE format('SELECT timestamp FROM %s WHERE timestamp >= $2 ORDER BY timestamp OFFSET $1 LIMIT 1', next.leaf)
       INTO nth USING batch, into_leaf.upper_bound;
    IF nth IS NULL AND next.kind = 'tail' THEN
        RETURN;
    END IF;
    leaf_name := next.name;
    boundary := coalesce(nth, next.upper_bound);
    EXECUTE format('SELECT count(*) FROM %s WHERE timestamp >= $2 AND timestamp < $1', next.leaf)
       INTO moved USING boundary, into_leaf.upper_bound;
    IF moved = 0 AND nth IS NOT NULL THEN  -- more than a batch of one time
        boundary := nth + interval '1 microsecond';
    END IF;
    PERFORM /* schema */mt_detach_leaf(into_leaf.leaf), /* schema */mt_detach_leaf(next.leaf);
    locked := clock_timestamp();
    EXECUTE format('SELECT count(*) FROM %s WHERE timestamp >= $2 AND timestamp < $1', next.leaf)
       INTO moved USING boundary, into_leaf.upper_bound;
    PERFORM /* schema */mt_move_events(next.leaf, into_leaf.leaf, into_leaf.upper_bound, boundary);
    IF boundary = next.upper_bound THEN
        EXECUTE format('DROP TABLE %s', next.leaf);
    ELSE
        PERFORM /* schema */mt_attach_leaf(next.leaf, boundary, next.upper_bound, true);
    END IF;
    PERFORM /* schema */mt_attach_leaf(into_leaf.leaf, into_leaf.lower_bound, boundary, true);
    held := clock_timestamp() - locked;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_merge_next FROM PUBLIC;
