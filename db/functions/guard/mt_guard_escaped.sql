-- What mt_guard_name gives, as it is written into notes. An expression, as README.md has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_escaped(name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $function$
    SELECT pg_catalog.replace(pg_catalog.replace(name, '~', '~0'), '|', '~1')
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_escaped FROM PUBLIC;
