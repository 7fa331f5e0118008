-- The swap back: the head becomes the plain events table, in one short transaction. The few events (at most 5,000,
-- else 55P03: merge more of them first) that other partitions hold by then move into it; the partitions go. What it
-- needs (a unique index on seq_id, the sequence owned by the head) has been prepared.
CREATE OR REPLACE FUNCTION /* schema */mt_detach_plain(streams_first boolean) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path FROM CURRENT AS $function$
DECLARE
    events   regclass := /* schema */mt_events_table();
    target   jsonb := /* schema */mt_plain_to_be();
    head     regclass;
    left_out bigint;
    renamed  jsonb;
    triggers text[];
    item     record;
    line     text;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    PERFORM /* schema */mt_lock_in_turn(/* schema */mt_conversion_tables(streams_first));
    SELECT p.leaf::regclass, p.upper_bound INTO item FROM /* schema */mt_partitions() p WHERE p.kind = 'head';
    head := item.leaf;
    left_out := (SELECT count(*) FROM (SELECT FROM /* schema */mt_events e
                                        WHERE e.timestamp >= item.upper_bound AND e.tableoid <> head LIMIT 5001) e);
    IF left_out > 5000 THEN
        RAISE EXCEPTION 'more than 5,000 events are still in partitions after the head'
            USING ERRCODE = 'lock_not_available';
    END IF;
    renamed := (SELECT coalesce(jsonb_object_agg(c.relname, p.relname), '{}') FROM pg_catalog.pg_inherits h
                  JOIN pg_catalog.pg_index i ON i.indexrelid = h.inhrelid AND i.indrelid = head AND NOT i.indisprimary
                  JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
                 WHERE p.relname <> 'mt_events_timestamp_brin');
    triggers := /* schema */mt_take_triggers(events);
    PERFORM /* schema */mt_drop_guard(events);
    PERFORM /* schema */mt_detach_leaf(head);
    FOR item IN SELECT p.leaf::regclass FROM /* schema */mt_partitions() p LOOP
        -- Out of the whole first: what happens in a partition is published to subscribers.
        PERFORM /* schema */mt_detach_leaf(item.leaf);
        PERFORM /* schema */mt_move_events(item.leaf, head, '-infinity', 'infinity');
        EXECUTE format('DROP TABLE %s', item.leaf);
    END LOOP;
    PERFORM /* schema */mt_hand_over(events, head);
    EXECUTE format('DROP TABLE %s', events);
    PERFORM /* schema */mt_head_becomes_plain(head, target, renamed), /* schema */mt_remove_guard();
    FOREACH line IN ARRAY triggers LOOP
        EXECUTE line;
    END LOOP;
    UPDATE /* schema */mt_conversion c SET state = 'returning', plain = target, changed = now()
     WHERE c.state IN ('attached', 'completed');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_detach_plain FROM PUBLIC;
