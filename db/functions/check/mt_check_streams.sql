-- What mt_streams tells of each stream beside what its events say, in one pass over all events, whatever triggers have
-- kept of them: a row for each kind of fault with how many streams have it, and the first five. Marten's tombstones,
-- which stand for sequences and are in no order, are left out. Events may rightly be missing at the front: before a
-- Compacted event of Marten, and where the stream was there already when retention last cut or trimmed streams. Of an
-- archived stream the last events may rightly not be: Marten leaves those alone that the archiving transaction appends.
CREATE OR REPLACE FUNCTION /* schema */mt_check_streams() RETURNS TABLE (fault text, found bigint, examples text[])
LANGUAGE plpgsql STABLE SET row_security = off SET search_path FROM CURRENT AS $function$
DECLARE
    trimmed timestamptz := (SELECT max(r.changed) FROM /* schema */mt_retention_run r
                             WHERE (r.cut OR r.covered IS NOT NULL) AND r.state IN ('swapped', 'dropped', 'done'));
BEGIN
    RETURN QUERY
    WITH events AS (
        SELECT /* conjoined: e.tenant_id, */ e.stream_id, count(*) AS rows, count(DISTINCT e.version) AS versions,
               min(e.version) AS lowest, max(e.version) AS highest,
               count(*) FILTER (WHERE e.is_archived) AS archived,
               max(e.version) FILTER (WHERE e.is_archived) AS last_archived,
               min(e.version) FILTER (WHERE e.is_archived IS NOT TRUE) AS first_living
          FROM /* schema */mt_events e
         WHERE e.stream_id IS NOT NULL AND NOT (e.type = 'tombstone' AND e.mt_dotnet_type ~ 'Events[.]Tombstone,')
         GROUP BY /* conjoined: e.tenant_id, */ e.stream_id
    ), wrong AS (
        SELECT /* conjoined: coalesce(e.tenant_id, s.tenant_id) || '/' || */
               coalesce(e.stream_id, s.id)::text AS name, v.fault, v.told
          FROM events e
          FULL JOIN /* schema */mt_streams s
            ON s.id = e.stream_id /* conjoined: AND s.tenant_id = e.tenant_id */
         CROSS JOIN LATERAL (VALUES
               ('duplicate versions', e.rows > e.versions,
                format('%s events, %s versions', e.rows, e.versions)),
               ('missing versions', e.lowest > 1 AND coalesce(s.created >= trimmed, true)
                                    OR e.versions < e.highest - e.lowest + 1,
                format('versions %s to %s, of which %s are there', e.lowest, e.highest, e.versions)),
               ('orphaned events', s.id IS NULL, format('%s events', e.rows)),
               ('stream versions', s.version IS DISTINCT FROM e.highest AND s.id IS NOT NULL AND e.rows > 0,
                format('mt_streams says %s, the events say %s', coalesce(s.version, 0), e.highest)),
               ('streams without events', e.rows IS NULL AND s.version > 0, format('mt_streams says %s', s.version)),
               ('archived streams', s.id IS NOT NULL AND CASE WHEN s.is_archived
                    THEN e.archived = 0 OR e.first_living < e.last_archived ELSE e.archived > 0 END,
                format('%s of %s events are archived, the stream is%s', e.archived, e.rows,
                       CASE WHEN s.is_archived THEN '' ELSE ' not' END))) AS v (fault, holds, told)
         WHERE v.holds
           AND (v.fault <> 'missing versions' OR e.versions < e.highest - e.lowest + 1 OR NOT EXISTS (
                SELECT FROM /* schema */mt_events c
                 WHERE c.stream_id = e.stream_id /* conjoined: AND c.tenant_id = e.tenant_id */
                   AND c.version = e.lowest AND c.mt_dotnet_type ~ 'Events[.]Compacted`1'))
    ), numbered AS (
        SELECT w.fault, w.name || ': ' || w.told AS example,
               row_number() OVER (PARTITION BY w.fault ORDER BY w.name) AS place
          FROM wrong w
    )
    SELECT n.fault, count(*), array_agg(n.example ORDER BY n.place) FILTER (WHERE n.place <= 5)
      FROM numbered n GROUP BY n.fault ORDER BY n.fault;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_check_streams FROM PUBLIC;
