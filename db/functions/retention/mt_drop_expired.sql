-- Drops the tables that were the run's partitions. Nobody reads them any more.
CREATE OR REPLACE FUNCTION /* schema */mt_drop_expired() RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    run  /* schema */mt_retention_run;
    name text;
BEGIN
    SELECT * INTO run FROM /* schema */mt_retention_run r
     WHERE r.id = /* schema */mt_retention_current('swapped', 'dropped');
    FOREACH name IN ARRAY run.leaves LOOP
        EXECUTE format('DROP TABLE IF EXISTS /* schema */%I', replace(name, 'mt_events_', 'mt_expired_'));
    END LOOP;
    UPDATE /* schema */mt_retention_run r SET state = 'dropped', changed = clock_timestamp() WHERE r.id = run.id;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_drop_expired FROM PUBLIC;
