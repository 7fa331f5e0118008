-- One batch of rolling partitions up: merges events of the partition that follows (see mt_merge_next) and, once the
-- first one reaches upper_bound, gives it the name of all. Returns whether there is more to be done; a partition of
-- the name new_name that reaches upper_bound is done.
CREATE OR REPLACE FUNCTION /* schema */mt_roll_up(
    first_name text, new_name text, upper_bound timestamptz, batch integer)
RETURNS boolean LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    first record;
    next  record;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT p.leaf::regclass, p.name, p.kind, p.upper_bound INTO first FROM /* schema */mt_partitions() p
     WHERE p.name IN (first_name, new_name) ORDER BY p.lower_bound LIMIT 1;
    IF first.upper_bound < mt_roll_up.upper_bound THEN
        SELECT p.name, p.kind, p.upper_bound, p.detach_pending INTO next FROM /* schema */mt_partitions() p
         WHERE p.lower_bound = first.upper_bound;
        IF next.kind IN ('tail', 'other') OR next.detach_pending OR next.upper_bound > mt_roll_up.upper_bound THEN
            RAISE EXCEPTION '% cannot become part of %', next.name, new_name
                USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        PERFORM /* schema */mt_merge_next(first.name, batch);
        RETURN true;
    ELSIF first.upper_bound > mt_roll_up.upper_bound OR first.kind IN ('head', 'tail', 'other') THEN
        RAISE EXCEPTION '% cannot become %', first_name, new_name USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    PERFORM /* schema */mt_lock_partitions(first.leaf);
    IF first.name <> new_name THEN
        PERFORM /* schema */mt_rename_leaf(first.leaf, new_name);
    END IF;
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS mt_vouched', first.leaf);
    PERFORM nextval(e.tableoid) FROM /* schema */mt_partition_epoch e;
    RETURN false;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_roll_up FROM PUBLIC;
