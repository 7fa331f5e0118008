-- Removes the partition next to the head, in one transaction, without cutting a stream in half: streams with an event
-- at or after the floor keep all their events (those of this partition are carried into the head), the others are
-- removed whole, wherever their events lie. Returns false, and does nothing, while a projection has not come past the
-- partition, or while a conversion keeps a second copy of the events. A stream that somebody holds at this moment, or
-- has written to since we looked, counts as living.
CREATE OR REPLACE FUNCTION /* schema */mt_expire_partition(
    leaf regclass, head regclass, upper_bound timestamptz, floor timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $function$
DECLARE
    gone    record;
    held    record;
    carried bigint;
    behind  text;
    state   text := coalesce(current_setting('mt_guard.next', true), '');
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    IF /* schema */mt_other_events() IS NOT NULL THEN
        RAISE NOTICE '% is kept: the conversion is not completed', leaf;
        RETURN false;
    END IF;
    EXECUTE format('CREATE TEMPORARY TABLE mt_expiring ON COMMIT DROP AS
                    SELECT /* conjoined: s.tenant_id, */ s.id, s.version FROM /* schema */mt_streams s
                     WHERE (/* conjoined: s.tenant_id, */ s.id) IN (
                           SELECT /* conjoined: tenant_id, */ stream_id FROM %s) AND NOT EXISTS (
                           SELECT FROM /* schema */mt_events e
                            WHERE e.stream_id = s.id /* conjoined: AND e.tenant_id = s.tenant_id */
                              AND e.timestamp >= %L)',
                   leaf, floor);
    ANALYZE pg_temp.mt_expiring;
    PERFORM /* schema */mt_lock_partitions(head, leaf);
    EXECUTE format('SELECT min(seq_id) AS first, max(seq_id) AS last, count(*) AS events FROM %s', leaf) INTO held;
    behind := (SELECT string_agg(p.name, ', ' ORDER BY p.name) FROM /* schema */mt_event_progression p
                WHERE p.name NOT IN ('HighWaterMark', 'HighWaterAllocationFence', 'HighWaterStuckGap')
                  AND coalesce(p.last_seq_id, 0) < held.last);
    IF behind IS NOT NULL THEN
        RAISE NOTICE '% is kept: event % has not been reached by %', leaf, held.last, behind;
        DROP TABLE pg_temp.mt_expiring;
        RETURN false;
    END IF;
    WITH locked AS MATERIALIZED (
        SELECT /* conjoined: s.tenant_id, */ s.id FROM /* schema */mt_streams s JOIN pg_temp.mt_expiring x
               USING (/* conjoined: tenant_id, */ id)
         WHERE s.version IS NOT DISTINCT FROM x.version FOR UPDATE OF s SKIP LOCKED)
    DELETE FROM pg_temp.mt_expiring x
     WHERE NOT EXISTS (SELECT FROM locked h WHERE h.id = x.id /* conjoined: AND h.tenant_id = x.tenant_id */);

    SELECT p.name, p.lower_bound INTO gone FROM /* schema */mt_partitions() p WHERE p.leaf = mt_expire_partition.leaf;
    PERFORM /* schema */mt_detach_leaf(leaf);
    PERFORM set_config('mt_append_only.expiring', pg_current_xact_id()::text, true);
    DELETE FROM /* schema */mt_events e USING pg_temp.mt_expiring x
     WHERE e.stream_id = x.id /* conjoined: AND e.tenant_id = x.tenant_id */ AND e.timestamp < floor;
    PERFORM /* schema */mt_detach_leaf(head);
    EXECUTE format('INSERT INTO %s SELECT * FROM %s e
                     WHERE NOT EXISTS (
                           SELECT FROM pg_temp.mt_expiring x
                            WHERE x.id = e.stream_id /* conjoined: AND x.tenant_id = e.tenant_id */)', head, leaf);
    GET DIAGNOSTICS carried = ROW_COUNT;
    INSERT INTO /* schema */mt_removed_partitions
           (name, lower_bound, upper_bound, first_seq, last_seq, events, streams)
    SELECT gone.name, gone.lower_bound, mt_expire_partition.upper_bound, held.first, held.last, held.events - carried,
           count(*) FROM pg_temp.mt_expiring;
    PERFORM /* schema */mt_attach_leaf(head, '-infinity', upper_bound, true);
    EXECUTE format('DROP TABLE %s', leaf);
    IF state = '' THEN  -- the guard need not look for events of these streams: there are none left
        PERFORM set_config('mt_guard.next', pg_current_xact_id()::text, true);
    END IF;
    DELETE FROM /* schema */mt_streams s USING pg_temp.mt_expiring x
     WHERE s.id = x.id /* conjoined: AND s.tenant_id = x.tenant_id */;
    DELETE FROM /* schema */mt_stream_bounds b USING pg_temp.mt_expiring x
     WHERE b.stream_id = x.id /* conjoined: AND b.tenant_id = x.tenant_id */;
    IF state = '' THEN
        PERFORM set_config('mt_guard.next', '', true);
    END IF;
    DROP TABLE pg_temp.mt_expiring;
    PERFORM set_config('mt_append_only.expiring', '', true);
    RETURN true;
END
$function$;
