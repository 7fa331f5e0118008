-- A stream as the guard writes it: conjoined, 'length of the tenant:tenant' with its id behind it. An expression, as
-- README.md has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_name(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid)
RETURNS text LANGUAGE sql STABLE AS $function$
    SELECT /* conjoined: pg_catalog.length(tenant) OPERATOR(pg_catalog.||) ':' OPERATOR(pg_catalog.||) */
           /* conjoined: tenant OPERATOR(pg_catalog.||) */ stream::pg_catalog.text
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_name FROM PUBLIC;
