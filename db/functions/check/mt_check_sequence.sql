-- mt_events_sequence: not there (a dump of tables alone leaves it behind), behind the events (the next append would
-- give a number twice), or not owned by mt_events (it would not go, or would go with the wrong table). And projections
-- that are further than any number drawn, or Marten's high water mark: events below it are not waited for.
CREATE OR REPLACE FUNCTION /* schema */mt_check_sequence() RETURNS TABLE (fault text, found bigint, examples text[])
LANGUAGE plpgsql STABLE SET row_security = off SET search_path FROM CURRENT AS $function$
DECLARE
    events  regclass := /* schema */mt_events_table();
    highest bigint   := coalesce((SELECT max(e.seq_id) FROM /* schema */mt_events e), 0);
    own     oid      := (SELECT q.oid FROM pg_catalog.pg_class q
                           JOIN pg_catalog.pg_class c ON c.oid = events AND c.relnamespace = q.relnamespace
                          WHERE q.relname = 'mt_events_sequence' AND q.relkind = 'S');
    drawn   bigint;
BEGIN
    IF own IS NOT NULL THEN
        drawn := /* schema */mt_last_sequence();
    END IF;
    RETURN QUERY
    SELECT 'sequence', count(*), array_agg(w.told)
      FROM (SELECT 'it is missing' AS told WHERE own IS NULL
             UNION ALL
            SELECT format('it stands at %s, the events have come to %s', drawn, highest) WHERE drawn < highest
             UNION ALL
            SELECT format('it does not belong to %s.seq_id', events)
             WHERE own IS NOT NULL AND NOT EXISTS (
                   SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = own
                      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = events
                      AND d.deptype = 'a')) w
    HAVING count(*) > 0;
    RETURN QUERY
    SELECT 'projection progress', count(*),
           (array_agg(format('%s: %s, the highest event is %s', p.projection, p.reached, highest)
                      ORDER BY p.projection))[1:5]
      FROM (SELECT n.projection, n.reached FROM /* schema */mt_projection_progress() n
             UNION ALL
            SELECT n.name, n.last_seq_id FROM /* schema */mt_event_progression n WHERE n.name = 'HighWaterMark') p
     WHERE p.reached > greatest(drawn, highest) HAVING count(*) > 0;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_check_sequence FROM PUBLIC;
