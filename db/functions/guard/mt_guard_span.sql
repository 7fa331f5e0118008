-- A span of time, widened by an event, in whole seconds: 'from,to'. All names are given in full, as in mt_guard_note.
DROP FUNCTION IF EXISTS /* schema */mt_guard_span(
    /* conjoined: varchar, */ /* stream identity */uuid, timestamptz, timestamptz, timestamptz);
CREATE OR REPLACE FUNCTION /* schema */mt_guard_span(event_time timestamptz, earliest timestamptz, latest timestamptz)
RETURNS text LANGUAGE plpgsql AS $function$
BEGIN
    IF pg_catalog.isfinite(event_time) AND pg_catalog.isfinite(earliest) AND pg_catalog.isfinite(latest) THEN
        RETURN least(pg_catalog.ceil(pg_catalog.date_part('epoch', earliest)),
                     pg_catalog.floor(pg_catalog.date_part('epoch', event_time)))::pg_catalog.int8
               OPERATOR(pg_catalog.||) ',' OPERATOR(pg_catalog.||)
               greatest(pg_catalog.floor(pg_catalog.date_part('epoch', latest)),
                        pg_catalog.ceil(pg_catalog.date_part('epoch', event_time)))::pg_catalog.int8;
    END IF;
    RETURN least(pg_catalog.ceil(extract(epoch FROM earliest)), pg_catalog.floor(extract(epoch FROM event_time)))
           OPERATOR(pg_catalog.||) ',' OPERATOR(pg_catalog.||)
           greatest(pg_catalog.floor(extract(epoch FROM latest)), pg_catalog.ceil(extract(epoch FROM event_time)));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_span FROM PUBLIC;
