-- The statement writes many rows of streams in turns: from here on the transaction's rows are checked when their
-- statement ends, all at once (mt_guard_statement), if each table that events can be written to has the trigger for it.
-- Not where rows have to be looked for one by one. Returns whether this row is left to it, with all that follow;
-- mt_guard.rest holds the depth of triggers that this is so for, or 'no'; mt_guard.rest_from the first such row.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_rest(event_seq bigint, event_time timestamptz) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    events regclass := /* schema */mt_events_table();
    is_left boolean := coalesce(current_setting('mt_guard.unsettled', true), '') <> 'on'
        AND coalesce(current_setting('mt_guard.alone', true), '') <> 'never'
        AND NOT EXISTS (
            SELECT FROM (SELECT p.relid FROM pg_partition_tree(events) p UNION SELECT events) p
             WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = p.relid AND t.tgname = 'mt_guard_statement'
                                  AND t.tgenabled IN ('O', 'A')));
BEGIN
    PERFORM set_config('mt_guard.rest', CASE WHEN is_left THEN pg_trigger_depth()::text ELSE 'no' END, true),
            set_config('mt_guard.rest_from', event_seq || ',' || extract(epoch FROM event_time), true);
    RETURN is_left;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_rest FROM PUBLIC;
