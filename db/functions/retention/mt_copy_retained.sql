-- Copies what stays of the run's partitions into a table of its own, shaped like a partition: nobody is held up. What
-- changes meanwhile has been noted; see mt_catch_up. Taken up anew when called again. Returns how many rows stay.
CREATE OR REPLACE FUNCTION /* schema */mt_copy_retained() RETURNS bigint
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    run      /* schema */mt_retention_run;
    name     text;
    retained regclass;
    item     record;
    copied   bigint;
    staid    bigint := 0;
BEGIN
    SELECT * INTO run FROM /* schema */mt_retention_run r
     WHERE r.id = /* schema */mt_retention_current('chosen', 'copied');
    name := replace(run.leaves[1], 'mt_events_', 'mt_retain_');
    retained := /* schema */mt_retained_table(run.leaves);
    IF retained IS NOT NULL THEN
        EXECUTE format('DROP TABLE %s', retained);
    END IF;
    retained := /* schema */mt_create_leaf(name, true);
    FOR item IN SELECT t.leaf FROM /* schema */mt_retention_tables(run.leaves) t WHERE t.place > 0 AND NOT run.cut LOOP
        EXECUTE format('INSERT INTO %s (%s) SELECT %s FROM %s e
                         WHERE NOT EXISTS (
                               SELECT FROM /* schema */mt_retention_streams x
                                WHERE x.id = e.stream_id /* conjoined: AND x.tenant_id = e.tenant_id */
                                  AND (x.up_to IS NULL OR e.version <= x.up_to))',
                       retained, /* schema */mt_event_columns(retained),
                       /* schema */mt_event_columns(retained, 'e.'), item.leaf);
        GET DIAGNOSTICS copied = ROW_COUNT;
        staid := staid + copied;
    END LOOP;
    IF staid > 20000 THEN  -- to find the oldest by, batch after batch, when they move into the head
        EXECUTE format('CREATE INDEX %I ON %s (timestamp)', name || '_time', retained);
    END IF;
    UPDATE /* schema */mt_retention_run r SET state = 'copied', carried = staid, changed = clock_timestamp()
     WHERE r.id = run.id;
    RETURN staid;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_copy_retained FROM PUBLIC;
