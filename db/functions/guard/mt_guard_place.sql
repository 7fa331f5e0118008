-- The setting that the note of a stream lies on, or of a hundred of its versions, named as in the notes. An
-- expression, as README.md has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_place(name text) RETURNS text
LANGUAGE sql STABLE AS $function$
    SELECT 'mt_guard.notes_' OPERATOR(pg_catalog.||) (pg_catalog.hashtext(name) OPERATOR(pg_catalog.&) 1023)
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_place FROM PUBLIC;
