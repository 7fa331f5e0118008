-- Brings staged events of [lower_bound, upper_bound) back, in one transaction: those that are there already (a living
-- stream's, carried into the head) are left as they are; streams that are gone come back with the others. Where a
-- partition of just these bounds holds at most 10,000 events, the staged table takes its place; else the events are
-- added to whatever partition holds their time. Locks as provisioning does. whole: nothing was left out of the archive,
-- so nothing of the partition is missed any more. The staged tables are gone afterwards.
CREATE OR REPLACE FUNCTION /* schema */mt_bring_back(
    stage regclass, streams regclass, lower_bound timestamptz, upper_bound timestamptz, whole boolean,
    OUT target text, OUT events bigint, OUT new_streams bigint)
LANGUAGE plpgsql SET timezone = 'UTC' SET datestyle = 'ISO' SET search_path FROM CURRENT AS $function$
DECLARE
    fields text := /* schema */mt_event_columns(/* schema */mt_events_table());
    place  record;
    few    boolean := false;
BEGIN
    PERFORM /* schema */mt_become_maintainer(), /* schema */mt_guard_vouch();
    EXECUTE format('ANALYZE %s', stage);
    EXECUTE format('DELETE FROM %s s USING %s e
                     WHERE e.seq_id = s.seq_id AND e.timestamp >= %L
                       AND (e.timestamp < %L OR %L = timestamptz ''infinity'')',
                   stage, /* schema */mt_range_table(), lower_bound, upper_bound, upper_bound);
    EXECUTE format('SELECT count(*) FROM %s', stage) INTO events;
    new_streams := /* schema */mt_restore_streams(stage, streams);
    SELECT p.leaf::regclass AS leaf, p.name INTO place FROM /* schema */mt_partitions() p
     WHERE p.lower_bound = mt_bring_back.lower_bound AND p.upper_bound = mt_bring_back.upper_bound
       AND p.kind NOT IN ('head', 'tail', 'other') AND NOT p.detach_pending;
    target := coalesce(place.name, 'mt_events');
    IF events > 0 AND place.leaf IS NOT NULL THEN
        EXECUTE format('SELECT count(*) <= 10000 FROM (SELECT FROM %s LIMIT 10001) e', place.leaf) INTO few;
    END IF;
    IF few THEN
        PERFORM /* schema */mt_detach_leaf(place.leaf);
        EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM %s', stage, fields, fields, place.leaf);
        EXECUTE format('DROP TABLE %s', place.leaf);
        PERFORM /* schema */mt_rename_leaf(stage, place.name),
                /* schema */mt_attach_leaf(stage, lower_bound, upper_bound);
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT mt_restoring', stage);
    ELSE
        EXECUTE format('INSERT INTO /* schema */mt_events (%s) SELECT %s FROM %s', fields, fields, stage);
        EXECUTE format('DROP TABLE %s', stage);
    END IF;
    EXECUTE format('DROP TABLE %s', streams);
    DELETE FROM /* schema */mt_removed_partitions r
     WHERE (whole OR /* schema */mt_by_tenant()) AND r.tenant IS NOT DISTINCT FROM /* schema */mt_retention_tenant()
       AND r.lower_bound >= mt_bring_back.lower_bound AND r.upper_bound <= mt_bring_back.upper_bound;
    PERFORM /* schema */mt_guard_unvouch();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_bring_back FROM PUBLIC;
