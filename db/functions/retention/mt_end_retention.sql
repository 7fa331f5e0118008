-- Ends a run: changes are noted no longer, what was copied and not put in place is dropped. One that has not come to
-- the swap is abandoned, and has changed nothing but what mt_remove_streams did.
CREATE OR REPLACE FUNCTION /* schema */mt_end_retention() RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    run  /* schema */mt_retention_run;
    item record;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT * INTO run FROM /* schema */mt_retention_run r
     WHERE r.id = /* schema */mt_retention_current('waiting', 'begun', 'chosen', 'copied', 'swapped', 'dropped');
    IF run.state = 'copied' THEN
        EXECUTE format('DROP TABLE %s', /* schema */mt_retained_table(run.leaves));
    ELSIF run.state = 'swapped' THEN
        PERFORM /* schema */mt_drop_expired();
    END IF;
    FOR item IN SELECT t.tgrelid::regclass AS leaf FROM pg_catalog.pg_trigger t
                  JOIN /* schema */mt_partitions() p ON p.leaf = t.tgrelid WHERE t.tgname = 'mt_note_change' LOOP
        EXECUTE format('DROP TRIGGER mt_note_change ON %s', item.leaf);
    END LOOP;
    DELETE FROM /* schema */mt_retention_streams;
    DELETE FROM /* schema */mt_retention_changes;
    UPDATE /* schema */mt_retention_run r
       SET state = CASE WHEN r.state IN ('swapped', 'dropped') OR r.state = 'chosen' AND cardinality(r.leaves) = 0
                        THEN 'done' ELSE 'abandoned' END, changed = clock_timestamp() WHERE r.id = run.id;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_end_retention FROM PUBLIC;
