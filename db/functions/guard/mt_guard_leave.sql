-- Puts down what is known of the stream in hand, to be found again when the transaction comes back to it. A note is
-- '|:stream|=' and what stands before the stream in mt_guard.next (in the name of a stream a | is written ~1, a ~ is
-- ~0), and the span of time that mt_guard_decide may have put behind it. The notes lie on 1,024 settings, so that each
-- stays short. Settings, because they are taken back with a savepoint, as rows and locks are.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_leave(state text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    part  text[] := regexp_match(state, '^([0-9]+)(<([0-9]+)<|~[0-9]+~|[=!])(.*)$', 's');
    note  text   := part[1] || CASE WHEN part[1]::bigint > part[3]::bigint THEN '!' ELSE part[2] END;
    name  text   := /* schema */mt_guard_escaped(part[4]);
    place text   := /* schema */mt_guard_place(name);
    page  text;
    old   text;
BEGIN
    IF part IS NULL THEN
        RETURN;
    END IF;
    name := /* schema */mt_guard_key(name);
    page := CASE WHEN note ~ '[=~]' THEN /* schema */mt_guard_owe(/* conjoined: NULL, */ NULL, place)
                 ELSE coalesce(current_setting(place, true), '') END;
    old := split_part(split_part(page, name, 2), '|', 1);
    page := set_config(place, CASE old WHEN '' THEN page || name || note
                                       ELSE replace(page, name || old, name || note || substring(old, '[^<~=!]*$'))
                              END, true);
    IF note NOT LIKE '%!' AND coalesce(current_setting('mt_guard.unsettled', true), '') = '' THEN
        page := set_config('mt_guard.unsettled', 'noted', true);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_leave FROM PUBLIC;
