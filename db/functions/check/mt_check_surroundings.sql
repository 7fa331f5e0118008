-- What is under way, or was left by what broke off, and who writes past the guard. Subscriptions are told of because
-- what they have not brought yet looks as if it were missing.
CREATE OR REPLACE FUNCTION /* schema */mt_check_surroundings() RETURNS TABLE (fault text, found bigint, examples text[])
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    events regclass := /* schema */mt_events_table();
    area   oid      := (SELECT c.relnamespace FROM pg_catalog.pg_class c WHERE c.oid = events);
    passed bigint   := (SELECT pg_sequence_last_value(c.oid) FROM pg_catalog.pg_class c
                         WHERE c.relnamespace = area AND c.relname = 'mt_guard_passed');
BEGIN
    RETURN QUERY
    SELECT 'leftovers', count(*), (array_agg(w.told))[1:5]
      FROM (SELECT format('%s: its detaching has not come to its end: marten-eventing partitions maintain', p.name)
              FROM /* schema */mt_all_partitions() p WHERE p.detach_pending
             UNION ALL
            SELECT format('run %s of retention is %s: marten-eventing retention apply', r.id, r.state)
              FROM /* schema */mt_retention_run r WHERE r.state NOT IN ('done', 'abandoned', 'waiting')
             UNION ALL
            SELECT format('table %s: marten-eventing %s', c.relname, CASE left(c.relname, 12)
                          WHEN 'mt_restoring' THEN 'archive restore, or SELECT mt_give_up_restores()'
                          ELSE 'retention apply' END)
              FROM pg_catalog.pg_class c
             WHERE c.relnamespace = area AND c.relkind IN ('r', 'p') AND c.relname ~ '^mt_(retain|expired|restoring)_'
             UNION ALL
            SELECT format('conversion is %s: marten-eventing convert status', v.state)
              FROM /* schema */mt_conversion v
             WHERE v.state IN ('preparing', 'backfilling', 'verified', 'returning')) AS w (told)
    HAVING count(*) > 0;
    RETURN QUERY
    SELECT 'subscriptions', count(*), (array_agg(w.told))[1:5]
      FROM (SELECT DISTINCT format('%s (%s)', s.subname,
                                   CASE WHEN s.subenabled THEN 'enabled' ELSE 'disabled' END) AS told
              FROM pg_catalog.pg_subscription_rel r JOIN pg_catalog.pg_subscription s ON s.oid = r.srsubid
             WHERE r.srrelid IN (SELECT t.relid FROM pg_partition_tree(events) t UNION ALL SELECT events
                                  UNION ALL SELECT c.oid FROM pg_catalog.pg_class c
                                             WHERE c.relnamespace = area AND c.relname = 'mt_streams')) w
    HAVING count(*) > 0;
    RETURN QUERY
    SELECT 'past the guard', passed, ARRAY['from a subscription, under session_replication_role = replica, or while '
                                           || 'triggers were off'] WHERE passed > 0;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_check_surroundings FROM PUBLIC;
