-- Whether that is what is known (mt_guard_state). An expression, as README.md has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_is(state text) RETURNS boolean
LANGUAGE sql STABLE AS $function$
    SELECT coalesce(pg_catalog.current_setting('mt_guard.next', true), '') OPERATOR(pg_catalog.=) state
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_is FROM PUBLIC;
