-- Vouches for what the caller writes in this transaction, whatever is unsettled in it, and returns what to give to
-- mt_guard_resume: for who removes streams whose events he removes himself.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_suspend() RETURNS text
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    state text := coalesce(current_setting('mt_guard.next', true), '');
BEGIN
    PERFORM set_config('mt_guard.next', pg_current_xact_id()::text, true);
    RETURN state;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_suspend FROM PUBLIC;
