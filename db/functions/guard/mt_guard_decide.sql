-- Decides on a row by the notes where mt_guard_note cannot at a glance. A note may also be 'N~B~': the versions from N
-- on are free, and between B and N those that mt_guard_take can take. Behind it stand two seconds, 'from,to', the span
-- that bounded reads of the stream look at in any case. A stream of which nothing is noted has had no row checked in this
-- transaction: what mt_streams tells of too much (a restore that brings the streams first) is free if no earlier command
-- has written it. Given are also the stream's name in the notes, and its note. Returns whether the version has still to be
-- taken.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_decide(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint, event_seq bigint,
    event_time timestamptz, name text, old text)
RETURNS boolean LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    place   text    := 'mt_guard.notes_' || (hashtext(name) & 1023);
    page    text;
    kind    text    := left(ltrim(old, '0123456789'), 1);
    part    text[]  := string_to_array(translate(old, '<~=!', ',,,,'), ',');  -- regular expressions cost ten times this
    behind  integer := CASE WHEN kind IN ('<', '~') THEN 3 ELSE 2 END;
    free    bigint  := part[1];
    told    bigint  := CASE kind WHEN '<' THEN part[2] END;
    base    bigint  := CASE kind WHEN '~' THEN part[2] END;
    since   numeric := nullif(part[behind], '');
    until   numeric := nullif(part[behind + 1], '');
    span    text    := coalesce(since || ',' || until, '');
    entered record;
    first   timestamptz := to_timestamp(since::float8);
    last    timestamptz := to_timestamp(until::float8);
    known   boolean := true;
    untaken boolean := true;
    unwritten boolean := false;
BEGIN
    IF old = '' OR kind = '!' OR event_version > told THEN
        IF old = '' THEN
            unwritten := /* schema */mt_guard_unwritten(/* conjoined: tenant, */ stream);
        END IF;
        entered := /* schema */mt_guard_enter(/* conjoined: tenant, */ stream);
        known := false;
        first := coalesce(first, entered.earliest);
        last := coalesce(last, entered.latest);
        free := greatest(free, entered.free);
        told := NULL;
        IF old = '' AND event_version < free
           AND coalesce(current_setting('mt_guard.unsettled', true), '') <> 'on' THEN
            told := free - 1;
            IF unwritten THEN
                free := 1;
            ELSE
                free := /* schema */mt_guard_earlier(/* conjoined: tenant, */ stream, event_seq, event_time) + 1;
                PERFORM /* schema */mt_guard_alone(event_seq, event_time);
            END IF;
        END IF;
    END IF;
    IF event_version > free AND base IS NULL THEN
        IF told IS NOT NULL AND known THEN
            entered := /* schema */mt_guard_enter(/* conjoined: tenant, */ stream);
            known := false;
            first := coalesce(first, entered.earliest);
            last := coalesce(last, entered.latest);
        END IF;
        base := free - 1;
        told := NULL;
    END IF;
    IF event_version < free AND (event_version > base) IS NOT TRUE THEN
        PERFORM /* schema */mt_guard_search(/* conjoined: tenant, */ stream, event_version, event_seq, event_time);
        untaken := false;
    END IF;
    free := greatest(free, event_version + 1);
    IF event_time NOT BETWEEN now() - interval '5 minutes' AND now() + interval '5 minutes'
       AND (extract(epoch FROM event_time) BETWEEN since AND until) IS NOT TRUE THEN
        IF since IS NULL AND known THEN
            entered := /* schema */mt_guard_enter(/* conjoined: tenant, */ stream);
            known := false;
            first := entered.earliest;
            last := entered.latest;
        END IF;
        span := /* schema */mt_guard_span(/* conjoined: tenant, */ stream, event_time, first, last);
    END IF;
    name := '|:' || name || '|=';
    page := coalesce(current_setting(place, true), '');
    page := set_config(place, CASE old WHEN '' THEN page ELSE replace(page, name || old, '') END
        || name || free || coalesce('~' || base || '~', '<' || told || '<', '=') || span, true);
    IF coalesce(current_setting('mt_guard.unsettled', true), '') = '' THEN
        page := set_config('mt_guard.unsettled', 'noted', true);
    END IF;
    IF NOT known THEN
        page := set_config('mt_guard.next', 'noted', true);
    END IF;
    RETURN untaken AND base IS NOT NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_decide FROM PUBLIC;
