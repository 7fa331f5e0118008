-- Checks what one statement has written to these streams, and notes it: their versions (lowest to highest; all of them,
-- with commas, where some between are missing; '' where one is given twice), earliest and latest time. Locks each
-- stream's row, as mt_guard_first does for the first row of a stream, and comes to the same notes as row by row: what
-- lies above a stream's note, or above what mt_streams tells of where nothing is noted (above nothing, where the store
-- was found empty), is free; where there are gaps, what is taken is noted by hundreds (mt_guard_taken). Returns the
-- streams that it cannot decide on: their rows have to be checked one by one. OFFSET 0 has each expression evaluated
-- once.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_streams(
    /* conjoined: tenants varchar[], */ streams /* stream identity */uuid[], lowest bigint[], highest bigint[],
    versions text[], earliest timestamptz[], latest timestamptz[])
RETURNS TABLE (/* conjoined: tenant varchar, */ stream /* stream identity */uuid)
LANGUAGE plpgsql ROWS 10 SET jit = off SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
SET search_path FROM CURRENT AS $function$
DECLARE
    trusted boolean     := coalesce(current_setting('mt_guard.unsettled', true), '') <> 'on';
    alone   text        := nullif(nullif(nullif(current_setting('mt_guard.alone', true), ''), 'no'), 'never');
    oldest  xid         := alone::xid8::xid;
    lower   timestamptz := now() - interval '5 minutes';
    upper   timestamptz := now() + interval '5 minutes';
    /* conjoined: held_tenants varchar[]; */
    held    /* stream identity */uuid[];
    places  text[];
    keys    text[];
    olds    text[];
    notes   text[];
    owing   boolean[];
    gaps    text[];
    gappy   bigint;
    twice   text[];
    page    text;
    item    record;
BEGIN
    LOOP
        WITH named AS (
            SELECT l.*, /* schema */mt_guard_escaped(
                            /* schema */mt_guard_name(/* conjoined: l.tenant, */ l.stream)) AS name
              FROM (SELECT n.*, greatest(s.version, 0) AS told, s.created - interval '10 minutes' AS born,
                           s.timestamp + interval '10 minutes' AS touched,
                           CASE WHEN age(s.xmin) > age(oldest) THEN 0 ELSE greatest(s.version, 0) END AS base
                      FROM unnest(streams, lowest, highest, versions, earliest, latest /* conjoined: , tenants */)
                           n (stream, lowest, highest, versions, earliest, latest /* conjoined: , tenant */)
                      JOIN /* schema */mt_streams s ON s.id = n.stream /* conjoined: AND s.tenant_id = n.tenant */
                       FOR NO KEY UPDATE OF s) l),
        placed AS (
            SELECT n.*, /* schema */mt_guard_place(n.name) AS place, /* schema */mt_guard_key(n.name) AS key
              FROM named n OFFSET 0),
        page AS (
            SELECT p.*, coalesce(current_setting(p.place, true), '') AS page FROM placed p OFFSET 0),
        found AS (
            SELECT p.*, split_part(split_part(p.page, p.key, 2), '|', 1) AS old FROM page p OFFSET 0),
        read AS (
            SELECT f.*, left(ltrim(f.old, '0123456789'), 1) AS kind,
                   string_to_array(translate(f.old, '<~=!', ',,,,'), ',') AS part
              FROM found f OFFSET 0),
        known AS (  -- all above free is free; ahead: mt_streams tells of the versions up to it already
            SELECT r.*, CASE r.kind WHEN '' THEN r.base + 1 WHEN '~' THEN r.part[2]::bigint + 1
                                    ELSE r.part[1]::bigint END AS free,
                   CASE r.kind WHEN '' THEN CASE WHEN r.told > r.base THEN r.told END
                               WHEN '<' THEN r.part[2]::bigint END AS ahead,
                   to_timestamp(nullif(r.part[CASE WHEN r.kind IN ('<', '~') THEN 3 ELSE 2 END], '')::float8) AS since,
                   to_timestamp(nullif(r.part[CASE WHEN r.kind IN ('<', '~') THEN 4 ELSE 3 END], '')::float8) AS until
              FROM read r OFFSET 0),
        judged AS (
            SELECT k.*, trusted AND k.versions IS DISTINCT FROM '' AND k.lowest >= k.free AND k.kind <> '!'
                   AND (k.kind IN ('', '<') OR starts_with(k.page, '+'))  -- else settled, but not noted so yet
                   AND (k.kind <> '<' OR k.highest <= k.ahead) AS decided,
                   CASE WHEN k.versions <> '' THEN k.versions
                        WHEN k.lowest > k.free OR k.kind = '~' THEN
                            (SELECT string_agg(v::text, ',') FROM generate_series(k.lowest, k.highest) v) END AS gaps,
                   CASE WHEN k.since IS NOT NULL THEN k.earliest >= k.since AND k.latest <= k.until
                        ELSE k.earliest >= lower AND k.latest <= upper
                             AND (k.kind <> '' OR k.ahead IS NULL) END AS inside
              FROM known k OFFSET 0)
        SELECT /* conjoined: array_agg(j.tenant), */
               array_agg(j.stream), array_agg(j.place), array_agg(j.key), array_agg(j.old), array_agg(j.gaps),
               count(j.gaps),
               array_agg(j.kind <> '<' OR j.gaps IS NOT NULL OR NOT j.inside),
               array_agg(CASE WHEN j.decided THEN
                   greatest(j.highest + 1, CASE WHEN j.kind <> '' THEN j.part[1]::bigint END)
                   || CASE WHEN j.gaps IS NOT NULL THEN '~' || j.free - 1 || '~'
                           WHEN j.ahead >= j.highest THEN '<' || j.ahead || '<' ELSE '=' END
                   || CASE WHEN j.inside AND j.since IS NULL THEN ''
                           WHEN j.inside THEN substring(j.old, '[^<~=!]*$')
                           ELSE /* schema */mt_guard_span(
                                    j.earliest, coalesce(j.since, CASE j.kind WHEN '' THEN j.born
                                                                  ELSE least(j.born, lower) END),
                                    greatest(j.latest + interval '1 second', j.until,
                                             CASE WHEN j.until IS NULL AND j.kind = '' THEN j.touched
                                                  WHEN j.until IS NULL THEN greatest(j.touched, upper) END)) END END)
          INTO /* conjoined: held_tenants, */ held, places, keys, olds, gaps, gappy, owing, notes
          FROM judged j;
        EXIT WHEN current_setting('mt_guard.owed', true) <> '' OR (true = ANY (owing)) IS NOT TRUE;
        -- Updates a stream; triggers of the user's on it may write.
        PERFORM /* schema */mt_guard_owe(/* conjoined: tenants[1], */ streams[1], 'mt_guard.notes_0');
    END LOOP;

    twice := ARRAY(SELECT t.stream_key FROM /* schema */mt_guard_taken(places, keys, gaps, notes) t
                    WHERE gappy > 0 AND t.twice);
    FOR item IN
        SELECT e.place, bool_or(e.owing) AS owing, string_agg(e.key || e.note, '') FILTER (WHERE e.old = '') AS fresh,
               array_agg(e.key || e.old) FILTER (WHERE e.old <> '') AS olds,
               array_agg(e.key || e.note) FILTER (WHERE e.old <> '') AS notes
          FROM (SELECT e.*, e.key AS stream_key
                  FROM unnest(places, keys, olds, notes, owing) e (place, key, old, note, owing)
                 UNION ALL
                SELECT t.place, t.key, t.old, t.note, false, t.stream_key
                  FROM /* schema */mt_guard_taken(places, keys, gaps, notes) t WHERE gappy > 0) e
         WHERE e.note IS NOT NULL AND e.stream_key <> ALL (twice) GROUP BY e.place LOOP
        page := current_setting(item.place, true);
        IF item.owing AND NOT coalesce(starts_with(page, '+'), false) THEN
            page := /* schema */mt_guard_owe(/* conjoined: NULL, */ NULL, item.place);
        END IF;
        page := concat(page, item.fresh);
        FOR i IN 1 .. coalesce(cardinality(item.olds), 0) LOOP
            page := replace(page, item.olds[i], item.notes[i]);
        END LOOP;
        PERFORM set_config(item.place, page, true);
    END LOOP;
    RETURN QUERY SELECT /* conjoined: h.tenant, */ h.stream
                   FROM unnest(held, keys, notes /* conjoined: , held_tenants */)
                        h (stream, key, note /* conjoined: , tenant */)
                  WHERE h.note IS NULL OR h.key = ANY (twice)
                 UNION ALL
                 SELECT * FROM (  -- not there, or only since we waited for a lock
                     SELECT /* conjoined: n.tenant, */ n.stream
                       FROM unnest(streams /* conjoined: , tenants */) n (stream /* conjoined: , tenant */)
                     EXCEPT ALL
                     SELECT /* conjoined: h.tenant, */ h.stream
                       FROM unnest(held /* conjoined: , held_tenants */) h (stream /* conjoined: , tenant */)) n
                  WHERE cardinality(streams) > coalesce(cardinality(held), 0);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_streams FROM PUBLIC;
