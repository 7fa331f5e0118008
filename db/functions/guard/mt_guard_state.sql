-- What is known of the stream in hand: mt_guard.next, see README.md. An expression, as it has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_state() RETURNS text
LANGUAGE sql STABLE AS $function$
    SELECT coalesce(pg_catalog.current_setting('mt_guard.next', true), '')
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_state FROM PUBLIC;
