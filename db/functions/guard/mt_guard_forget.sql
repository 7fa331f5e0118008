-- Nothing is in hand any more: the next row looks its stream up again.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_forget(state text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF state <> '' AND state <> pg_current_xact_id()::text THEN
        PERFORM /* schema */mt_guard_leave(state), set_config('mt_guard.next', 'none', true);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_forget FROM PUBLIC;
