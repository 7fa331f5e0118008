-- Whether an instant is now, but for the skew between clocks. An expression, as README.md has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_is_present(at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $function$
    SELECT at OPERATOR(pg_catalog.>=) (pg_catalog.now() OPERATOR(pg_catalog.-) interval '5 minutes')
       AND at OPERATOR(pg_catalog.<=) (pg_catalog.now() OPERATOR(pg_catalog.+) interval '5 minutes')
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_is_present FROM PUBLIC;
