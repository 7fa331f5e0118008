-- Ends what mt_guard_suspend began: what was known before, it returned, is known again.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_resume(state text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM set_config('mt_guard.next', state, true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_resume FROM PUBLIC;
