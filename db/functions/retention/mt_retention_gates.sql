-- What forbids to remove these partitions now, a row for each reason: triggers that are off, a conversion that keeps a
-- second copy, a rebuild, a projection or subscription that has not passed one, a logical replication slot that has not
-- consumed what was written before the run began (consumed, null to leave that out) and, for cut, a legal hold. What is
-- held is otherwise no obstacle: its stream lives.
CREATE OR REPLACE FUNCTION /* schema */mt_retention_gates(
    leaf_names text[], cut boolean DEFAULT false, consumed pg_lsn DEFAULT NULL)
RETURNS TABLE (gate text, partition_name text, subject text, reason text, way_out text)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    item record;
    last bigint;
BEGIN
    RETURN QUERY
    SELECT 'conversion', NULL::text, c::regclass::text, 'a conversion keeps a second copy of the events',
           'Complete it, or take it back: marten-eventing convert status tells how'
      FROM /* schema */mt_other_events() c WHERE c IS NOT NULL;
    RETURN QUERY
    SELECT 'guard', NULL::text, t.fault, t.fault || ': rows may come in that nobody is told of',
           'marten-eventing db check --repair puts the guard up again'
      FROM /* schema */mt_guard_faults() t LIMIT 1;
    RETURN QUERY
    SELECT 'rebuild', NULL::text, NULL::text, 'projections are being rebuilt from the whole history',
           'Let the rebuild end'
     WHERE EXISTS (SELECT FROM pg_catalog.pg_locks l
                      JOIN pg_stat_activity a ON a.pid = l.pid
                           AND has_table_privilege(a.usesysid, /* schema */mt_events_table(), 'SELECT')
                    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
                      AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
                      AND (l.classid::bigint << 32) + l.objid::bigint = /* schema */mt_rebuild_lock());
    FOR item IN SELECT p.leaf::regclass, p.name FROM /* schema */mt_partitions() p WHERE p.name = ANY (leaf_names) LOOP
        EXECUTE format('SELECT max(seq_id) FROM %s', item.leaf) INTO last;
        RETURN QUERY
        SELECT 'projection', item.name, p.projection,
               format('%s has come to event %s, the partition holds event %s', p.projection, p.reached, last),
               format('Let it catch up, or delete its row in mt_event_progression%s if it is no longer in use',
                      CASE WHEN p.begins_after IS NOT NULL THEN ' and its floor in mt_event_projection_floors' END)
          FROM /* schema */mt_projection_progress() p WHERE p.reached < last ORDER BY p.projection;
        IF cut THEN
            RETURN QUERY
            SELECT 'hold', item.name, h.id::text,
                   format('hold %s (%s) touches streams with events in it', h.id, h.reason),
                   'Lift it when it is no longer needed, or remove without cut'
              FROM /* schema */mt_legal_holds h
             WHERE h.lifted_at IS NULL AND /* schema */mt_hold_touches(h.id, item.leaf) ORDER BY h.id;
        END IF;
    END LOOP;
    RETURN QUERY
    SELECT 'replication', NULL::text, s.slot_name::text,
           format('replication slot %s (%s) has consumed the log up to %s, the run began at %s', s.slot_name,
                  coalesce('used by session ' || s.active_pid, 'inactive'),
                  coalesce(s.confirmed_flush_lsn::text, 'nothing'), consumed),
           format('Let its consumer catch up, or drop the slot if it is no longer in use: SELECT '
                  'pg_drop_replication_slot(%L)', s.slot_name)
      FROM pg_catalog.pg_replication_slots s
     WHERE s.slot_type = 'logical' AND s.database = current_database()
       AND coalesce(s.confirmed_flush_lsn, '0/0') < consumed ORDER BY s.slot_name;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_retention_gates FROM PUBLIC;
