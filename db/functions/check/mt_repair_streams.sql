-- Makes mt_streams, and the bounds recorded, tell what the events say, for the next so many streams that have events,
-- by their ids: a version that is another than the highest, a row that is not there, bounds that do not reach over all
-- events. No event is touched. Each stream's row is locked before its events are looked at. next_after is null at the
-- end, otherwise the argument of the next call; a first call has null.
CREATE OR REPLACE FUNCTION /* schema */mt_repair_streams(after text[], page integer,
    OUT next_after text[], OUT repaired bigint)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET row_security = off
SET search_path FROM CURRENT AS $function$
DECLARE
    partitioned boolean := (SELECT c.relkind = 'p' FROM pg_catalog.pg_class c
                             WHERE c.oid = /* schema */mt_events_table());
    /* conjoined: tenants varchar[]; */
    streams     /* stream identity */uuid[];
    item        record;
BEGIN
    repaired := 0;
    SELECT /* conjoined: array_agg(d.tenant_id ORDER BY d.tenant_id, d.stream_id), */
           array_agg(d.stream_id ORDER BY /* conjoined: d.tenant_id, */ d.stream_id)
      INTO /* conjoined: tenants, */ streams
      FROM (SELECT DISTINCT /* conjoined: e.tenant_id, */ e.stream_id FROM /* schema */mt_events e
             WHERE e.stream_id IS NOT NULL AND NOT (e.type = 'tombstone' AND e.mt_dotnet_type ~ 'Events[.]Tombstone,')
               AND (after IS NULL OR (/* conjoined: e.tenant_id, */ e.stream_id)
                                     > (/* conjoined: after[2], */ after[1]::/* stream identity */uuid))
             ORDER BY /* conjoined: e.tenant_id, */ e.stream_id LIMIT page) d;
    IF streams IS NULL THEN
        RETURN;
    END IF;
    next_after := ARRAY[streams[cardinality(streams)]::text /* conjoined: , tenants[cardinality(tenants)]::text */];
    PERFORM /* schema */mt_guard_vouch();
    PERFORM FROM /* schema */mt_streams s
       JOIN unnest(streams /* conjoined: , tenants */) AS n (id /* conjoined: , tenant_id */)
         ON n.id = s.id /* conjoined: AND n.tenant_id = s.tenant_id */
      ORDER BY s.id /* conjoined: , s.tenant_id */ FOR NO KEY UPDATE OF s;
    FOR item IN
        SELECT e.*, s.id IS NULL AS orphaned, s.version IS DISTINCT FROM e.highest AS differs
          FROM (SELECT v.stream_id, /* conjoined: v.tenant_id, -- */ min(v.tenant_id) AS tenant_id,
                       max(v.version) AS highest, min(v.timestamp) AS first, max(v.timestamp) AS last,
                       bool_and(coalesce(v.is_archived, false)) AS archived
                  FROM /* schema */mt_events v
                  JOIN unnest(streams /* conjoined: , tenants */) AS n (id /* conjoined: , tenant_id */)
                    ON n.id = v.stream_id /* conjoined: AND n.tenant_id = v.tenant_id */
                 GROUP BY v.stream_id /* conjoined: , v.tenant_id */) e
          LEFT JOIN /* schema */mt_streams s ON s.id = e.stream_id /* conjoined: AND s.tenant_id = e.tenant_id */
    LOOP
        IF item.orphaned THEN
            INSERT INTO /* schema */mt_streams (id, version, created, timestamp, tenant_id, is_archived)
            VALUES (item.stream_id, item.highest, item.first, item.last, item.tenant_id, item.archived)
            ON CONFLICT DO NOTHING;
            repaired := repaired + 1;
        ELSIF item.differs THEN
            UPDATE /* schema */mt_streams s SET version = item.highest
             WHERE s.id = item.stream_id /* conjoined: AND s.tenant_id = item.tenant_id */;
            repaired := repaired + 1;
        END IF;
        IF partitioned THEN
            PERFORM /* schema */mt_record_stream_bounds(
                /* conjoined: item.tenant_id, */ item.stream_id, item.first, item.last);
        END IF;
    END LOOP;
    PERFORM /* schema */mt_guard_unvouch();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_repair_streams FROM PUBLIC;
