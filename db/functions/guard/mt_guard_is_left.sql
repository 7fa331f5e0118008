-- Whether somebody else sees to a row of this partition: mt_guard_statement at the end of the statement, or the
-- function that vouches for it (but not for what a trigger adds). An expression, as README.md has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_is_left(leaf oid) RETURNS boolean
LANGUAGE sql STABLE AS $function$
    SELECT CASE WHEN pg_catalog.current_setting('mt_guard.next') OPERATOR(pg_catalog.=) 'noted'
                THEN pg_catalog.current_setting('mt_guard.rest', true) OPERATOR(pg_catalog.=)
                         pg_catalog.pg_trigger_depth()::pg_catalog.text
                     AND pg_catalog.strpos(pg_catalog.current_setting('mt_guard.rest_in', true),
                             ',' OPERATOR(pg_catalog.||) leaf OPERATOR(pg_catalog.||) ',') OPERATOR(pg_catalog.>) 0
                     AND coalesce(pg_catalog.current_setting('mt_guard.alone', true), '')
                         OPERATOR(pg_catalog.<>) 'never'
                ELSE pg_catalog.current_setting('mt_guard.next') OPERATOR(pg_catalog.=)
                         pg_catalog.pg_current_xact_id()::pg_catalog.text
                     AND pg_catalog.pg_trigger_depth() OPERATOR(pg_catalog.=) 1 END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_is_left FROM PUBLIC;
