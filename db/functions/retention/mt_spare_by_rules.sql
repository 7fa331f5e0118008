-- Streams that a rule keeps longer: the longest of the rules that match is the stream's age. A rule is
-- {kind, name, value, floor}; kind event_type, stream_type, tenant or header (name, any value where none is given).
CREATE OR REPLACE FUNCTION /* schema */mt_spare_by_rules(run_id bigint) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    run     /* schema */mt_retention_run;
    headers text := CASE WHEN EXISTS (
        SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = /* schema */mt_events_table()
           AND a.attname = 'headers' AND NOT a.attisdropped) THEN 'e.headers' ELSE 'NULL::jsonb' END;
BEGIN
    SELECT * INTO run FROM /* schema */mt_retention_run r WHERE r.id = run_id;
    IF run.rules = '[]' AND cardinality(run.leaves) > 0 THEN
        RETURN;
    END IF;
    EXECUTE format('WITH rule AS MATERIALIZED (
            SELECT * FROM jsonb_to_recordset($1) AS r (kind text, name text, value text, floor timestamptz)),
        matched AS (
            SELECT /* conjoined: x.tenant_id, */ x.id, r.floor
              FROM /* schema */mt_retention_streams x
              JOIN /* schema */mt_streams s ON s.id = x.id /* conjoined: AND s.tenant_id = x.tenant_id */
              JOIN rule r ON r.kind = ''stream_type'' AND r.value = s.type
                          OR r.kind = ''tenant'' AND r.value = s.tenant_id
            UNION ALL
            SELECT /* conjoined: x.tenant_id, */ x.id, r.floor
              FROM /* schema */mt_retention_streams x
              JOIN %2$s e ON e.stream_id = x.id /* conjoined: AND e.tenant_id = x.tenant_id */
               AND e.timestamp < $3
              JOIN rule r ON r.kind = ''event_type'' AND r.value = e.type
                          OR r.kind = ''header'' AND %1$s ? r.name AND coalesce(%1$s ->> r.name = r.value, true)
             WHERE EXISTS (SELECT FROM rule b WHERE b.kind IN (''event_type'', ''header''))),
        kept AS (
            SELECT /* conjoined: x.tenant_id, */ x.id, coalesce(min(m.floor), $2) AS floor
              FROM /* schema */mt_retention_streams x
              LEFT JOIN matched m ON m.id = x.id /* conjoined: AND m.tenant_id = x.tenant_id */
             GROUP BY /* conjoined: x.tenant_id, */ x.id)
        INSERT INTO /* schema */mt_retention_changes
        SELECT /* conjoined: k.tenant_id, */ k.id FROM kept k
         WHERE EXISTS (SELECT FROM %2$s e
                        WHERE e.stream_id = k.id /* conjoined: AND e.tenant_id = k.tenant_id */
                          AND e.timestamp >= k.floor AND e.timestamp < $3)', headers, /* schema */mt_range_table())
      USING run.rules, run.floor, run.upper_bound;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_spare_by_rules FROM PUBLIC;
