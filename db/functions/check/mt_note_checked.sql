-- The store was found in order: what came in past the guard up to then need not be told of any more. Whatever came in
-- since the look began (seen: what the count was) still is.
CREATE OR REPLACE FUNCTION /* schema */mt_note_checked(seen bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF pg_sequence_last_value('mt_guard_passed'::regclass) <= seen THEN
        PERFORM setval('mt_guard_passed', 1, false);
        RETURN true;
    END IF;
    RETURN false;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_note_checked FROM PUBLIC;
