-- Goes on with the stream in hand, if this is its next version, and written now. Null where it is not. CASE, because
-- AND evaluates what follows a null too, and here that is an act. An expression, as README.md has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_go_on(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint, event_time timestamptz)
RETURNS boolean LANGUAGE sql AS $function$
    SELECT CASE WHEN pg_catalog.current_setting('mt_guard.next', true) OPERATOR(pg_catalog.=)
                         (event_version OPERATOR(pg_catalog.||) '=' OPERATOR(pg_catalog.||)
                          /* schema */mt_guard_name(/* conjoined: tenant, */ stream))
                     AND /* schema */mt_guard_is_present(event_time)
                THEN /* schema */mt_guard_set_free(/* conjoined: tenant, */ stream, event_version) END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_go_on FROM PUBLIC;
