-- Puts the table of what stays in the place of the run's partitions, and in the same transaction removes the streams
-- that go from everywhere else. The strong locks come last: others wait for renaming and attaching only, whatever the
-- size. 55P03: locks were not to be had, or an event of a stream that goes was changed at the last moment; try again.
-- MT011: under cut, the partition is no longer what was archived; archive it again. MT012: mt_events has been altered
-- since that table was made; copy once more.
CREATE OR REPLACE FUNCTION /* schema */mt_swap_retained(
    OUT removed bigint, OUT streams bigint, OUT held interval)
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    run      /* schema */mt_retention_run;
    retained regclass;
    locked   timestamptz;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT * INTO run FROM /* schema */mt_retention_run r
     WHERE r.id = /* schema */mt_retention_current('copied');
    retained := /* schema */mt_retained_table(run.leaves);
    PERFORM /* schema */mt_refuse_altered(retained);
    PERFORM /* schema */mt_refuse_stale(run.id), /* schema */mt_lock_leaving(run.holds, false),
        /* schema */mt_catch_up();
    removed := CASE WHEN run.cut THEN 0 ELSE (
        SELECT /* schema */mt_remove_leaving(t.leaf, false) FROM /* schema */mt_retention_tables(run.leaves) t
         WHERE t.place = 0) END;
    PERFORM /* schema */mt_record_removed(run.leaves, run.cut, removed);
    PERFORM /* schema */mt_forget_tags(t.leaf, run.cut)
       FROM /* schema */mt_retention_tables(run.leaves) t WHERE t.place > 0;
    streams := /* schema */mt_forget_streams(false);

    PERFORM /* schema */mt_lock_partitions(VARIADIC ARRAY(
        SELECT t.leaf FROM /* schema */mt_retention_tables(run.leaves) t WHERE t.place > 0));
    locked := clock_timestamp();
    PERFORM /* schema */mt_refuse_stale(run.id), /* schema */mt_refuse_changed(false),
        /* schema */mt_refuse_altered(retained);
    PERFORM /* schema */mt_catch_up();
    PERFORM /* schema */mt_retire_leaf(t.leaf) FROM /* schema */mt_retention_tables(run.leaves) t WHERE t.place > 0;
    PERFORM /* schema */mt_rename_leaf(retained, /* schema */mt_retained_name(run.leaves)),
            /* schema */mt_attach_leaf(retained, run.lower_bound, run.upper_bound, true);
    held := clock_timestamp() - locked;
    removed := (SELECT sum(g.events) FROM /* schema */mt_removed_partitions g
                 WHERE g.removed = now() AND g.name = ANY (run.leaves));
    UPDATE /* schema */mt_retention_run r
       SET state = 'swapped', events = r.events + mt_swap_retained.removed,
           streams = r.streams + mt_swap_retained.streams, changed = clock_timestamp() WHERE r.id = run.id;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_swap_retained FROM PUBLIC;
