-- Another stream is taken in hand: what is known of the old one is put down, to be taken up again when the transaction
-- comes back to it. A note is '|:stream|=' and what stands before the stream in mt_guard.next (a | in the name of a
-- stream is written ~1, a ~ is ~0); the notes lie on 1,024 settings, pages, so that each stays short. Settings, because
-- they are taken back with a savepoint, as rows and locks are.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_leave(state text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    part  text[] := regexp_match(state, '^([0-9]+(<[0-9]+<|~[0-9]+~|[=!]))(.*)$', 's');
    name  text   := replace(replace(part[3], '~', '~0'), '|', '~1');
    place text   := 'mt_guard.notes_' || (hashtext(name) & 1023);
    page  text;
    old   text;
BEGIN
    IF part IS NULL THEN
        RETURN;
    END IF;
    name := '|:' || name || '|=';
    page := coalesce(current_setting(place, true), '');
    old := split_part(split_part(page, name, 2), '|', 1);
    PERFORM set_config(place, CASE old WHEN '' THEN page || name || part[1]
                                       ELSE replace(page, name || old, name || part[1]) END, true);
    IF part[2] <> '!' AND coalesce(current_setting('mt_guard.unsettled', true), '') = '' THEN
        PERFORM set_config('mt_guard.unsettled', 'noted', true);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_leave FROM PUBLIC;
