-- Takes a version of a stream that is written out of order. False: it is taken already, or may be. The versions that a
-- transaction has taken are noted by hundreds: '|;hundred:stream|=,7,12,', the first hundred beside the stream's note.
-- The stream is named as in the notes. All names are given in full, as in mt_guard_note.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_take(stream text, event_version bigint) RETURNS boolean
LANGUAGE plpgsql AS $function$
DECLARE
    name  pg_catalog.text := (event_version OPERATOR(pg_catalog./) 100) OPERATOR(pg_catalog.||) ':'
                             OPERATOR(pg_catalog.||) stream;
    place pg_catalog.text := /* schema */mt_guard_place(
        CASE WHEN event_version OPERATOR(pg_catalog.<) 100 THEN stream ELSE name END);
    key   pg_catalog.text := '|;' OPERATOR(pg_catalog.||) name OPERATOR(pg_catalog.||) '|=';
    page  pg_catalog.text := coalesce(pg_catalog.current_setting(place, true), '');
    taken pg_catalog.text := pg_catalog.split_part(pg_catalog.split_part(page, key, 2), '|', 1);
    own   pg_catalog.text := ',' OPERATOR(pg_catalog.||) (event_version OPERATOR(pg_catalog.%) 100)
                             OPERATOR(pg_catalog.||) ',';
BEGIN
    IF pg_catalog.strpos(taken, own) OPERATOR(pg_catalog.>) 0 THEN
        RETURN false;
    END IF;
    RETURN pg_catalog.set_config(
        place,
        CASE WHEN taken OPERATOR(pg_catalog.=) '' THEN page OPERATOR(pg_catalog.||) key OPERATOR(pg_catalog.||) own
             ELSE pg_catalog.replace(
                 page, key, key OPERATOR(pg_catalog.||) pg_catalog.rtrim(own, ',')) END,
        true) IS NOT NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_take FROM PUBLIC;
