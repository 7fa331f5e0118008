-- A version of the stream in hand is written: those above it are free. Returns true. An expression, as README.md has
-- it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_set_free(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint)
RETURNS boolean LANGUAGE sql AS $function$
    SELECT pg_catalog.set_config('mt_guard.next',
               (event_version OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.||) '=' OPERATOR(pg_catalog.||)
               /* schema */mt_guard_name(/* conjoined: tenant, */ stream), true) OPERATOR(pg_catalog.<>) ''
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_set_free FROM PUBLIC;
