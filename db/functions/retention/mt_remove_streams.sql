-- Removes the next of those streams that go whole and have no event in the run's partitions (at most batch): one short
-- transaction. Returns how many it looked at; 0 when there are none left.
CREATE OR REPLACE FUNCTION /* schema */mt_remove_streams(batch integer,
    OUT seen bigint, OUT removed bigint, OUT streams bigint)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    run /* schema */mt_retention_run;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT * INTO run FROM /* schema */mt_retention_run r
     WHERE r.id = /* schema */mt_retention_current('chosen');
    UPDATE /* schema */mt_retention_streams x SET leaf = -1
      FROM (SELECT /* conjoined: n.tenant_id, */ n.id FROM /* schema */mt_retention_streams n
             WHERE n.leaf = 0 AND n.up_to IS NULL LIMIT batch) n
     WHERE x.id = n.id /* conjoined: AND x.tenant_id = n.tenant_id */;
    GET DIAGNOSTICS seen = ROW_COUNT;
    IF seen = 0 THEN
        RETURN;
    END IF;
    PERFORM /* schema */mt_lock_leaving(run.holds, true);
    DELETE FROM /* schema */mt_retention_streams x USING /* schema */mt_retention_changes c
     WHERE x.id = c.id /* conjoined: AND x.tenant_id = c.tenant_id */;
    removed := (SELECT sum(/* schema */mt_remove_leaving(t.leaf, true))
                  FROM /* schema */mt_retention_tables(run.leaves, run.upper_bound) t WHERE t.place = 0);
    PERFORM /* schema */mt_refuse_changed(true);
    streams := /* schema */mt_forget_streams(true);
    DELETE FROM /* schema */mt_retention_streams x WHERE x.leaf < 0;
    UPDATE /* schema */mt_retention_run r
       SET events = r.events + mt_remove_streams.removed, streams = r.streams + mt_remove_streams.streams,
           changed = clock_timestamp() WHERE r.id = run.id;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_remove_streams FROM PUBLIC;
