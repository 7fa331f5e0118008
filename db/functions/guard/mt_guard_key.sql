-- What stands before the note of a stream, named as in the notes. An expression, as README.md has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $function$
    SELECT '|:' OPERATOR(pg_catalog.||) name OPERATOR(pg_catalog.||) '|='
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_key FROM PUBLIC;
