-- What has been noted of a stream holds no longer: it is gone, or has another id. With the note goes the list of what
-- was taken of its first hundred versions (mt_guard_take), because mt_guard_first begins it anew.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_erase(stream text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    name  text := /* schema */mt_guard_escaped(stream);
    place text := /* schema */mt_guard_place(name);
    page  text := current_setting(place, true);
    key   text;
BEGIN
    FOREACH key IN ARRAY ARRAY[/* schema */mt_guard_key(name), '|;0:' || name || '|='] LOOP
        IF strpos(page, key) > 0 THEN
            page := set_config(place, replace(page, key || split_part(split_part(page, key, 2), '|', 1), ''), true);
        END IF;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_erase FROM PUBLIC;
