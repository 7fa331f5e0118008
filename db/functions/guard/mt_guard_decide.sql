-- Decides on a row by the notes where mt_guard_note and mt_guard_first cannot at a glance. A note may also be 'N~B~':
-- the versions from N on are free, and between B and N those that mt_guard_take can take. Behind it stand two seconds,
-- 'from,to', the span that mt_guard_settle will see bounded reads look at; without them the rows lay in the present. A
-- stream of which nothing is noted has had no row checked in this transaction: what mt_streams tells of too much (a
-- restore that brings the streams first) is free if no earlier command has written it. Given are also the stream's name
-- in the notes, and its note. Returns true.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_decide(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint, event_seq bigint,
    event_time timestamptz, name text, old text)
RETURNS boolean LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    place   text    := /* schema */mt_guard_place(name);
    key     text    := /* schema */mt_guard_key(name);
    page    text;
    kind    text    := left(ltrim(old, '0123456789'), 1);
    part    text[]  := string_to_array(translate(old, '<~=!', ',,,,'), ',');  -- regular expressions cost ten times this
    behind  integer := CASE WHEN kind IN ('<', '~') THEN 3 ELSE 2 END;
    free    bigint  := part[1];
    told    bigint  := CASE kind WHEN '<' THEN part[2] END;
    base    bigint  := CASE kind WHEN '~' THEN part[2] END;
    since   timestamptz := to_timestamp(nullif(part[behind], '')::float8);
    until   timestamptz := to_timestamp(nullif(part[behind + 1], '')::float8);
    span    text    := coalesce(part[behind] || ',' || part[behind + 1], '');
    lower   timestamptz := now() - interval '5 minutes';
    upper   timestamptz := now() + interval '5 minutes';
    stray   boolean := NOT coalesce(event_time BETWEEN since AND until, event_time BETWEEN lower AND upper);
    above   bigint;
    taken   boolean := false;
BEGIN
    IF kind IN ('', '!') OR event_version > told OR event_version > free AND told IS NOT NULL
       OR stray AND since IS NULL THEN
        IF kind IN ('', '!') THEN  -- no row of it was noted as one of the present
            lower := NULL;
            upper := NULL;
        END IF;
        SELECT e.free, coalesce(since, least(e.earliest, lower)), coalesce(until, greatest(e.latest, upper))
          INTO above, since, until
          FROM /* schema */mt_guard_enter(/* conjoined: tenant, */ stream) e;
        page := set_config('mt_guard.next', 'noted', true);
        IF kind IN ('', '!') OR event_version > told THEN
            free := greatest(free, above);
            told := NULL;
        END IF;
        IF kind = '' AND event_version < free
           AND coalesce(current_setting('mt_guard.unsettled', true), '') <> 'on'
           AND coalesce(current_setting('mt_guard.alone', true), '') <> 'never' THEN
            told := free - 1;
            free := /* schema */mt_guard_earlier(/* conjoined: tenant, */ stream, event_seq, event_time) + 1;
            PERFORM /* schema */mt_guard_alone(event_seq, event_time);
            stray := true;  -- its row was not compared with the present
        END IF;
    END IF;
    IF event_version > free AND base IS NULL THEN
        base := free - 1;
        told := NULL;
    END IF;
    IF event_version > base THEN
        taken := NOT /* schema */mt_guard_take(name, event_version);
    ELSIF event_version < free THEN
        taken := true;
    END IF;
    IF taken THEN
        PERFORM /* schema */mt_guard_search(/* conjoined: tenant, */ stream, event_version, event_seq, event_time);
    END IF;

    free := greatest(free, event_version + 1);
    IF stray THEN
        span := /* schema */mt_guard_span(event_time, since, until);
    END IF;
    page := /* schema */mt_guard_owe(/* conjoined: tenant, */ stream, place);
    page := set_config(place, CASE old WHEN '' THEN page ELSE replace(page, key || old, '') END
        || key || free || coalesce('~' || base || '~', '<' || told || '<', '=') || span, true);
    RETURN true;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_decide FROM PUBLIC;
