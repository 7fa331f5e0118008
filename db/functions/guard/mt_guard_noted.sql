-- What has been noted of a stream, written as in mt_guard.next, without the span behind it; null when nothing.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_noted(stream text) RETURNS text
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    name text := /* schema */mt_guard_escaped(stream);
    page text := current_setting(/* schema */mt_guard_place(name), true);
    note text := '|=' || split_part(split_part(page, /* schema */mt_guard_key(name), 2), '|', 1);
BEGIN
    IF NOT starts_with(page, '+') THEN
        note := /* schema */mt_guard_settled(note);
    END IF;
    RETURN nullif(rtrim(substr(note, 3), '0123456789,-Infinity'), '') || stream;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_noted FROM PUBLIC;
