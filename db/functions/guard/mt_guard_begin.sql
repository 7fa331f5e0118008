-- Takes a stream in hand whose highest version is known, if this is the one after it, and written now. Null where it is
-- not. An expression, as README.md has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_begin(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint, event_time timestamptz,
    known bigint)
RETURNS boolean LANGUAGE sql AS $function$
    SELECT CASE WHEN event_version OPERATOR(pg_catalog.=) (known OPERATOR(pg_catalog.+) 1)
                     AND /* schema */mt_guard_is_present(event_time)
                THEN /* schema */mt_guard_set_free(/* conjoined: tenant, */ stream, event_version) END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_begin FROM PUBLIC;
