-- Adds the streams that live on and lose the events that something newer stands for: those before a Compacted event
-- of Marten, and those up to the version that a table of snapshots tells
-- ({compacted, snapshots: [{table, stream, version}]}). Only what lies in the run's partitions or in the head goes.
CREATE OR REPLACE FUNCTION /* schema */mt_choose_covered(run_id bigint) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    run     /* schema */mt_retention_run;
    covers  text := 'NULL::bigint';
    item    record;
BEGIN
    SELECT * INTO run FROM /* schema */mt_retention_run r WHERE r.id = run_id;
    IF (run.covered ->> 'compacted')::boolean THEN
        covers := covers || ', (SELECT max(c.version) - 1 FROM ' || /* schema */mt_range_table() || ' c
                                 WHERE c.stream_id = f.stream_id /* conjoined: AND c.tenant_id = f.tenant_id */
                                   AND c.mt_dotnet_type LIKE ''JasperFx.Events.Compacted`1%'')';
    END IF;
    FOR item IN SELECT coalesce(to_regclass('/* schema */' || (s ->> 'table')), (s ->> 'table')::regclass) AS name,
                       s ->> 'stream' AS stream, s ->> 'version' AS version
                  FROM jsonb_array_elements(run.covered -> 'snapshots') s LOOP
        covers := covers || format(', (SELECT max(c.%I)::bigint FROM %s c WHERE c.%I = f.stream_id %s)',
            item.version, item.name, item.stream,
            CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = item.name
                                 AND a.attname = 'tenant_id' AND NOT a.attisdropped)
                 THEN '/* conjoined: AND c.tenant_id = f.tenant_id */' ELSE '' END);
    END LOOP;
    EXECUTE format('INSERT INTO /* schema */mt_retention_streams (/* conjoined: tenant_id, */ id, seen, leaf, up_to)
        SELECT /* conjoined: f.tenant_id, */ f.stream_id, '''', f.place, greatest(%1$s)
          FROM (SELECT /* conjoined: tenant_id, */ stream_id, max(place) AS place, min(version) AS lowest FROM (%2$s) e
                 WHERE stream_id IS NOT NULL GROUP BY /* conjoined: tenant_id, */ stream_id) f
         WHERE greatest(%1$s) >= f.lowest
        ON CONFLICT DO NOTHING', covers,
        (SELECT string_agg(format('SELECT /* conjoined: tenant_id, */ stream_id, version, %s AS place FROM %s',
                                  t.place, t.leaf), ' UNION ALL ')
           FROM /* schema */mt_retention_tables(run.leaves) t WHERE t.place > 0));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_choose_covered FROM PUBLIC;
