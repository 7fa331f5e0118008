-- The statement writes many rows of streams in turns: from here on the transaction's rows are checked when their
-- statement ends, all at once (mt_guard_statement). Returns whether this row is left to it, with all that follow in its
-- partition: whichever table the statement names, that one and those above it have the trigger, and keep it, since they
-- are locked. mt_guard.rest holds the depth of triggers that this is so for, or 'no' (rows have to be looked for one by
-- one); mt_guard.rest_in the partitions (a minus in front: not there); mt_guard.rest_from the first row that was left.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_rest(leaf oid, event_seq bigint, event_time timestamptz)
RETURNS boolean LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    seen    text := coalesce(nullif(current_setting('mt_guard.rest_in', true), ''), ',');
    guarded boolean;
BEGIN
    IF current_setting('mt_guard.unsettled', true) = 'on' OR current_setting('mt_guard.alone', true) = 'never' THEN
        IF starts_with(current_setting('mt_guard.rest'), '.') THEN
            PERFORM set_config('mt_guard.rest', 'no', true);
        END IF;
        RETURN false;
    ELSIF strpos(seen, '-' || leaf || ',') > 0 THEN
        RETURN false;
    END IF;
    guarded := NOT EXISTS (
        SELECT FROM (SELECT leaf AS relid UNION SELECT p.relid FROM pg_partition_ancestors(leaf) p) t
         WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.relid AND g.tgname = 'mt_guard_statement'
                              AND g.tgenabled IN ('O', 'A')));
    PERFORM set_config('mt_guard.rest_in', seen || CASE WHEN guarded THEN '' ELSE '-' END || leaf || ',', true);
    IF guarded AND starts_with(current_setting('mt_guard.rest'), '.') THEN
        PERFORM set_config('mt_guard.rest', pg_trigger_depth()::text, true),
                set_config('mt_guard.rest_from', event_seq || ',' || extract(epoch FROM event_time), true);
    END IF;
    RETURN guarded;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_rest FROM PUBLIC;
