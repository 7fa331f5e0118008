-- mt_streams tells of the stream's newest version now: what is known of it is settled, if it is the stream in hand, or
-- somebody vouches. Null where neither is so. An expression, as README.md has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_catch_up(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, stream_version bigint)
RETURNS boolean LANGUAGE sql AS $function$
    SELECT CASE WHEN pg_catalog.current_setting('mt_guard.next', true) OPERATOR(pg_catalog.=)
                         ((stream_version OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.||) '='
                          OPERATOR(pg_catalog.||) /* schema */mt_guard_name(/* conjoined: tenant, */ stream))
                THEN pg_catalog.set_config('mt_guard.next',
                         (stream_version OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.||) '!'
                         OPERATOR(pg_catalog.||) /* schema */mt_guard_name(/* conjoined: tenant, */ stream),
                         true) OPERATOR(pg_catalog.<>) ''
                WHEN pg_catalog.current_setting('mt_guard.next', true) OPERATOR(pg_catalog.=)
                     pg_catalog.pg_current_xact_id()::pg_catalog.text THEN true END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_catch_up FROM PUBLIC;
