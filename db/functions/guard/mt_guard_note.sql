-- Notes a row of a transaction that writes to streams in turns, or away from the present: whatever the order of rows,
-- no partition is searched. A version that goes on where its stream was left ('N=' or 'N<C<', see mt_guard_leave) or
-- that is taken out of order ('N~B~', see mt_guard_decide), inside the span that is noted or now, is decided on here,
-- with all names in full, as in mt_guard_event; the first row of a stream in mt_guard_first, all else in
-- mt_guard_decide. A statement that has had fifty rows noted (each puts a dot into mt_guard.rest) has the others
-- checked all at once when it ends (mt_guard_rest), but for those that come from there (their partition is 0). Returns
-- true.
DROP FUNCTION IF EXISTS /* schema */mt_guard_note(
    /* conjoined: varchar, */ /* stream identity */uuid, bigint, bigint, timestamptz);
CREATE OR REPLACE FUNCTION /* schema */mt_guard_note(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, event_version bigint, event_seq bigint,
    event_time timestamptz, leaf oid)
RETURNS boolean LANGUAGE plpgsql STRICT AS $function$
DECLARE
    name   pg_catalog.text := /* schema */mt_guard_escaped(
        /* schema */mt_guard_name(/* conjoined: tenant, */ stream));
    place  pg_catalog.text := /* schema */mt_guard_place(name);
    key    pg_catalog.text := /* schema */mt_guard_key(name);
    page   pg_catalog.text := coalesce(pg_catalog.current_setting(place, true), '');
    old    pg_catalog.text := pg_catalog.split_part(pg_catalog.split_part(page, key, 2), '|', 1);
    part   pg_catalog.text[];
    behind integer;
    fits   pg_catalog.bool;
    rest   pg_catalog.text := coalesce(pg_catalog.current_setting('mt_guard.rest', true), '');
BEGIN
    IF leaf OPERATOR(pg_catalog.<>) 0 THEN
        IF pg_catalog.rtrim(rest, '.') OPERATOR(pg_catalog.=) ''
           AND pg_catalog.length(rest) OPERATOR(pg_catalog.<) 50 THEN
            rest := pg_catalog.set_config('mt_guard.rest', rest OPERATOR(pg_catalog.||) '.', true);
        ELSIF pg_catalog.starts_with(rest, '.')
              OR rest OPERATOR(pg_catalog.=) pg_catalog.pg_trigger_depth()::pg_catalog.text THEN
            fits := /* schema */mt_guard_rest(leaf, event_seq, event_time);
            IF fits THEN
                RETURN true;
            END IF;
        END IF;
    END IF;
    IF old OPERATOR(pg_catalog.=) '' THEN
        RETURN /* schema */mt_guard_first(
            /* conjoined: tenant, */ stream, event_version, event_seq, event_time, name, place, page);
    ELSIF NOT pg_catalog.starts_with(page, '+') THEN
        old := pg_catalog.substr(/* schema */mt_guard_settled('|=' OPERATOR(pg_catalog.||) old), 3);
    END IF;

    part := pg_catalog.string_to_array(pg_catalog.translate(old, '=<~', ',,,'), ',');
    behind := CASE WHEN pg_catalog.strpos(old, '=') OPERATOR(pg_catalog.>) 0 THEN 2 ELSE 3 END;
    IF NOT /* schema */mt_guard_is_within(part[behind], part[behind OPERATOR(pg_catalog.+) 1], event_time) THEN
        fits := false;
    ELSIF behind OPERATOR(pg_catalog.=) 2 THEN
        fits := event_version OPERATOR(pg_catalog.=) part[1]::bigint;
    ELSIF pg_catalog.strpos(old, '<') OPERATOR(pg_catalog.>) 0 THEN
        fits := event_version OPERATOR(pg_catalog.=) part[1]::bigint
                AND event_version OPERATOR(pg_catalog.<=) part[2]::bigint;
    ELSIF pg_catalog.strpos(old, '~') OPERATOR(pg_catalog.>) 0
          AND event_version OPERATOR(pg_catalog.>) part[2]::bigint THEN
        fits := /* schema */mt_guard_take(name, event_version);
        page := pg_catalog.current_setting(place);  -- what was taken may be on this page
    ELSE
        fits := false;
    END IF;
    IF fits IS NOT TRUE THEN
        RETURN /* schema */mt_guard_decide(
            /* conjoined: tenant, */ stream, event_version, event_seq, event_time, name, old);
    ELSIF event_version OPERATOR(pg_catalog.>=) part[1]::bigint THEN
        page := pg_catalog.set_config(place, pg_catalog.replace(
            page, key OPERATOR(pg_catalog.||) old,
            key OPERATOR(pg_catalog.||) (event_version OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.||)
            pg_catalog.substr(old, pg_catalog.length(part[1]) OPERATOR(pg_catalog.+) 1)), true);
    END IF;
    RETURN true;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_note FROM PUBLIC;
