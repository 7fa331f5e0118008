-- Takes a version of a stream that is written out of order. False: it is taken already, or may be. The versions that a
-- transaction has taken are noted by hundreds: '|;hundred:stream|=,7,12,'. The stream is named as in the notes.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_take(stream text, event_version bigint) RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    name  text := event_version / 100 || ':' || stream;
    place text := 'mt_guard.notes_' || (hashtext(name) & 1023);
    page  text := coalesce(current_setting(place, true), '');
    taken text;
BEGIN
    name := '|;' || name || '|=';
    taken := split_part(split_part(page, name, 2), '|', 1);
    IF strpos(taken, ',' || event_version % 100 || ',') > 0 THEN
        RETURN false;
    END IF;
    page := set_config(place, CASE taken WHEN '' THEN page || name || ',' || event_version % 100 || ','
                                         ELSE replace(page, name, name || ',' || event_version % 100) END, true);
    RETURN true;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_take FROM PUBLIC;
