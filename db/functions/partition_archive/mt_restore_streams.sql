-- Brings back the streams of staged events, from their archived rows: those that are gone are made, those that go on
-- are locked, and never told of fewer versions than their events have. Returns how many were made. A stream that has
-- begun anew since, or has another event of a version, is an error (MT010). The caller vouches for what it does to the
-- guard.
CREATE OR REPLACE FUNCTION /* schema */mt_restore_streams(stage regclass, streams regclass) RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    given bigint;
    made  bigint;
    clash record;
    stray record;
BEGIN
    EXECUTE format('WITH back AS (
                        INSERT INTO /* schema */mt_streams AS t SELECT s.* FROM %s s
                         WHERE EXISTS (SELECT FROM %s e
                                        WHERE e.stream_id = s.id /* conjoined: AND e.tenant_id = s.tenant_id */)
                         ORDER BY s.id
                        ON CONFLICT (/* conjoined: tenant_id, */ id) DO UPDATE
                           SET version = greatest(t.version, excluded.version),
                               timestamp = greatest(t.timestamp, excluded.timestamp)
                        RETURNING t.xmax = 0 AS is_new)
                    SELECT count(*), count(*) FILTER (WHERE is_new) FROM back', streams, stage) INTO given, made;
    IF made < given THEN
        EXECUTE format('SELECT s.stream_id AS stream, s.version FROM %s s
                          JOIN %s e ON e.stream_id = s.stream_id AND e.version = s.version
                                               /* conjoined: AND e.tenant_id = s.tenant_id */
                         UNION ALL
                        SELECT s.id, NULL FROM %s s JOIN /* schema */mt_streams t USING (/* conjoined: tenant_id, */ id)
                         WHERE t.created > s.created LIMIT 1',
                       stage, /* schema */mt_range_table(), streams) INTO clash;
        IF clash.stream IS NOT NULL THEN
            RAISE EXCEPTION 'stream % %', clash.stream,
                coalesce('has another event of version ' || clash.version, 'has begun anew since it was archived')
                USING ERRCODE = 'MT010';
        END IF;
    END IF;
    FOR stray IN EXECUTE format(
        'SELECT /* conjoined: s.tenant_id, */ s.id, e.first, e.last
           FROM (SELECT /* conjoined: tenant_id, */ stream_id, min(timestamp) AS first, max(timestamp) AS last
                   FROM %s GROUP BY /* conjoined: tenant_id, */ stream_id) e
           JOIN /* schema */mt_streams s ON s.id = e.stream_id /* conjoined: AND s.tenant_id = e.tenant_id */
          WHERE e.first < s.created - interval ''10 minutes'' OR e.last > s.timestamp + interval ''10 minutes''', stage)
    LOOP
        PERFORM /* schema */mt_record_stream_bounds(
            /* conjoined: stray.tenant_id, */ stray.id, stray.first, stray.last);
    END LOOP;
    RETURN made;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_restore_streams FROM PUBLIC;
