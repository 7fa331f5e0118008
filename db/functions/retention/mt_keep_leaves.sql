-- No stream ends in the run's partitions: there is nothing to be put in their place, they are merged into the head as
-- they are. Only for a run of one partition, which keeps its name.
CREATE OR REPLACE FUNCTION /* schema */mt_keep_leaves() RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    run  /* schema */mt_retention_run;
    item record;
BEGIN
    SELECT * INTO run FROM /* schema */mt_retention_run r
     WHERE r.id = /* schema */mt_retention_current('chosen');
    IF run.cut OR cardinality(run.leaves) <> 1 OR EXISTS (SELECT FROM /* schema */mt_retention_streams) THEN
        RETURN false;
    END IF;
    SELECT t.leaf INTO item FROM /* schema */mt_retention_tables(run.leaves) t WHERE t.place = 1;
    PERFORM /* schema */mt_add_vouched(item.leaf, true);
    EXECUTE format('SELECT count(*) AS events FROM %s', item.leaf) INTO item;
    UPDATE /* schema */mt_retention_run r SET state = 'dropped', carried = item.events, changed = clock_timestamp()
     WHERE r.id = run.id;
    RETURN true;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_keep_leaves FROM PUBLIC;
