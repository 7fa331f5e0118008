-- What has been noted as changed lives on: it is not among the streams to go, and the table of what stays, if it is
-- there, holds all its rows as they are now. Under cut the partition is no longer what was archived. Returns how many
-- streams that were.
CREATE OR REPLACE FUNCTION /* schema */mt_catch_up() RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    run      /* schema */mt_retention_run;
    retained regclass;
    /* conjoined: tenants varchar[]; */
    streams  /* stream identity */uuid[];
    which    text;
    item     record;
BEGIN
    SELECT * INTO run FROM /* schema */mt_retention_run r
     WHERE r.id = /* schema */mt_retention_current('begun', 'chosen', 'copied');
    retained := CASE run.state WHEN 'copied' THEN /* schema */mt_retained_table(run.leaves) END;
    WITH noted AS (DELETE FROM /* schema */mt_retention_changes c RETURNING c.*)
    SELECT /* conjoined: array_agg(n.tenant_id), */ array_agg(n.id) INTO /* conjoined: tenants, */ streams
      FROM (SELECT DISTINCT /* conjoined: d.tenant_id, */ d.id FROM noted d) n;
    IF streams IS NULL THEN
        RETURN 0;
    ELSIF retained IS NOT NULL AND NOT run.cut THEN
        PERFORM /* schema */mt_refuse_altered(retained);
    END IF;
    DELETE FROM /* schema */mt_retention_streams x
     USING unnest(/* conjoined: tenants, */ streams) AS n (/* conjoined: tenant_id, */ id)
     WHERE x.id = n.id /* conjoined: AND x.tenant_id = n.tenant_id */;
    IF run.cut AND run.archive ? 'name' THEN
        UPDATE /* schema */mt_retention_run r SET archive = jsonb_build_object('stale', r.archive ->> 'name')
         WHERE r.id = run.id;
    END IF;
    IF retained IS NULL OR run.cut THEN
        RETURN cardinality(streams);
    END IF;
    FOREACH which IN ARRAY ARRAY[
        'e.stream_id = n.id /* conjoined: AND e.tenant_id = n.tenant_id */',
        '(n.id IS NULL /* conjoined: OR n.tenant_id IS NULL */) AND (e.stream_id /* conjoined: , e.tenant_id */)
             IS NOT DISTINCT FROM (n.id /* conjoined: , n.tenant_id */)'] LOOP
        EXECUTE format('DELETE FROM %s e USING unnest(/* conjoined: $2, */ $1) AS n (/* conjoined: tenant_id, */ id)
                         WHERE %s', retained, which) USING streams /* conjoined: , tenants */;
        FOR item IN SELECT t.leaf FROM /* schema */mt_retention_tables(run.leaves) t WHERE t.place > 0 LOOP
            EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM %s e
                              JOIN unnest(/* conjoined: $2, */ $1) AS n (/* conjoined: tenant_id, */ id) ON %s',
                           retained, /* schema */mt_event_columns(retained),
                           /* schema */mt_event_columns(retained, 'e.'), item.leaf, which)
              USING streams /* conjoined: , tenants */;
        END LOOP;
        EXIT WHEN array_position(streams, NULL) IS NULL /* conjoined: AND array_position(tenants, NULL) IS NULL */;
    END LOOP;
    RETURN cardinality(streams);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_catch_up FROM PUBLIC;
