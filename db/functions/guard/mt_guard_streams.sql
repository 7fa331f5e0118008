-- Checks what one statement has written to these streams, and notes it: their versions (lowest to highest; all of them,
-- with commas, where some between are missing; '' where one is given twice), earliest and latest time. Locks each
-- stream's row, as mt_guard_first does for the first row of a stream, and comes to the same notes as row by row: what
-- lies above a stream's note, or above what mt_streams tells of where nothing is noted (above nothing, where the store
-- was found empty), is free; where there are gaps, what is taken is noted by hundreds, as mt_guard_take does. Returns
-- the streams that it cannot decide on: their rows have to be checked one by one.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_streams(
    /* conjoined: tenants varchar[], */ streams /* stream identity */uuid[], lowest bigint[], highest bigint[],
    versions text[], earliest timestamptz[], latest timestamptz[])
RETURNS TABLE (/* conjoined: tenant varchar, */ stream /* stream identity */uuid)
LANGUAGE plpgsql ROWS 10 SET jit = off SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
SET search_path FROM CURRENT AS $function$
DECLARE
    oldest xid         := nullif(nullif(nullif(current_setting('mt_guard.alone', true), ''), 'no'), 'never')::xid8::xid;
    lower  timestamptz := now() - interval '5 minutes';
    upper  timestamptz := now() + interval '5 minutes';
    found  bigint;
    /* conjoined: rest_tenants varchar[]; */
    rest   /* stream identity */uuid[];
    places text[];
    keys   text[];
    olds   text[];
    notes  text[];
    owing  boolean[];
    item   record;
    page   text;
BEGIN
    LOOP
        WITH locked AS (
            SELECT n.*, greatest(s.version, 0) AS told, s.created - interval '10 minutes' AS born,
                   s.timestamp + interval '10 minutes' AS touched,
                   CASE WHEN age(s.xmin) > age(oldest) THEN 0 ELSE greatest(s.version, 0) END AS base
              FROM unnest(streams, lowest, highest, versions, earliest, latest /* conjoined: , tenants */)
                   n (stream, lowest, highest, versions, earliest, latest /* conjoined: , tenant */)
              JOIN /* schema */mt_streams s ON s.id = n.stream /* conjoined: AND s.tenant_id = n.tenant */
             ORDER BY n.stream FOR NO KEY UPDATE OF s),
        named AS (
            SELECT l.*, replace(replace(/* conjoined: length(l.tenant) || ':' || l.tenant || */ l.stream::text,
                                        '~', '~0'), '|', '~1') AS name
              FROM locked l OFFSET 0),
        placed AS (
            SELECT n.*, 'mt_guard.notes_' || (hashtext(n.name) & 1023) AS place, '|:' || n.name || '|=' AS key
              FROM named n OFFSET 0),
        page AS MATERIALIZED (
            SELECT p.place, coalesce(current_setting(p.place, true), '') AS page
              FROM (SELECT DISTINCT p.place FROM placed p) p),
        found AS (
            SELECT p.*, starts_with(page.page, '+') AS owing,
                   split_part(split_part(page.page, p.key, 2), '|', 1) AS old
              FROM placed p JOIN page ON page.place = p.place OFFSET 0),
        read AS (
            SELECT f.*, left(ltrim(f.old, '0123456789'), 1) AS kind,
                   string_to_array(translate(f.old, '<~=!', ',,,,'), ',') AS part
              FROM found f OFFSET 0),
        known AS (  -- all above free is free
            SELECT r.*, CASE r.kind WHEN '' THEN r.base + 1 WHEN '~' THEN r.part[2]::bigint + 1
                                    ELSE r.part[1]::bigint END AS free,
                   CASE r.kind WHEN '' THEN CASE WHEN r.told > r.base THEN r.told END
                               WHEN '<' THEN r.part[2]::bigint END AS ahead,
                   to_timestamp(nullif(r.part[CASE WHEN r.kind IN ('<', '~') THEN 3 ELSE 2 END], '')::float8) AS since,
                   to_timestamp(nullif(r.part[CASE WHEN r.kind IN ('<', '~') THEN 4 ELSE 3 END], '')::float8) AS until
              FROM read r OFFSET 0),
        judged AS (
            SELECT k.*, k.versions IS NULL AND k.lowest = k.free AND k.kind <> '~' AS goes_on,
                   k.versions IS DISTINCT FROM '' AND k.lowest >= k.free AND k.kind <> '!'
                   AND (k.kind IN ('', '<') OR k.owing)  -- else settled, but not noted so yet
                   AND (k.kind <> '<' OR k.highest <= k.ahead)
                   AND coalesce(current_setting('mt_guard.unsettled', true), '') <> 'on' AS decided,
                   CASE WHEN k.since IS NOT NULL THEN k.earliest >= k.since AND k.latest <= k.until
                        ELSE k.earliest >= lower AND k.latest <= upper
                             AND (k.kind <> '' OR k.told = k.base) END AS inside
              FROM known k OFFSET 0),
        taken AS (  -- by hundreds
            SELECT j.key, v.version / 100 AS hundred, string_agg((v.version % 100)::text, ',') AS added,
                   CASE v.version / 100 WHEN 0 THEN j.place
                        ELSE 'mt_guard.notes_' || (hashtext(v.version / 100 || ':' || j.name) & 1023) END AS place,
                   '|;' || v.version / 100 || ':' || j.name || '|=' AS list
              FROM judged j CROSS JOIN LATERAL (
                   SELECT generate_series(j.lowest, j.highest) AS version WHERE j.versions IS NULL
                    UNION ALL SELECT string_to_table(j.versions, ',')::bigint) v
             WHERE j.decided AND NOT j.goes_on
             GROUP BY j.key, j.name, j.place, v.version / 100),
        lists AS (
            SELECT t.*, coalesce(split_part(split_part(current_setting(t.place, true), t.list, 2), '|', 1), '') AS old
              FROM taken t OFFSET 0),
        twice AS (
            SELECT l.key FROM lists l
             WHERE l.old <> '' AND string_to_array(l.old, ',') && string_to_array(l.added, ',')),
        verdict AS (
            SELECT j.*, j.decided AND NOT EXISTS (SELECT FROM twice t WHERE t.key = j.key) AS free_of FROM judged j
            OFFSET 0),
        entry AS (
            SELECT v.place, v.key, v.old,
                   greatest(v.highest + 1, CASE WHEN v.kind <> '' THEN v.part[1]::bigint END)
                   || CASE WHEN NOT v.goes_on THEN '~' || v.free - 1 || '~'
                           WHEN v.ahead >= v.highest THEN '<' || v.ahead || '<' ELSE '=' END
                   || CASE WHEN NOT v.inside
                           THEN /* schema */mt_guard_span(
                                    v.earliest, coalesce(v.since, CASE v.kind WHEN '' THEN v.born
                                                                  ELSE least(v.born, lower) END),
                                    greatest(v.until, v.latest + interval '1 second',
                                             CASE WHEN v.until IS NOT NULL THEN NULL WHEN v.kind = '' THEN v.touched
                                                  ELSE greatest(v.touched, upper) END))
                           WHEN v.since IS NULL THEN '' ELSE substring(v.old, '[^<~=!]*$') END AS note,
                   v.kind <> '<' OR NOT v.goes_on OR NOT v.inside AS owing
              FROM verdict v WHERE v.free_of
             UNION ALL
            SELECT l.place, l.list, l.old, CASE l.old WHEN '' THEN ',' ELSE l.old END || l.added || ',', false
              FROM lists l WHERE NOT EXISTS (SELECT FROM twice t WHERE t.key = l.key))
        SELECT (SELECT count(*) FROM verdict),
               /* conjoined: (SELECT array_agg(v.tenant ORDER BY v.place) FROM verdict v WHERE NOT v.free_of), */
               (SELECT array_agg(v.stream ORDER BY v.place) FROM verdict v WHERE NOT v.free_of),
               array_agg(e.place), array_agg(e.key), array_agg(e.old), array_agg(e.note), array_agg(e.owing)
          INTO found, /* conjoined: rest_tenants, */ rest, places, keys, olds, notes, owing
          FROM entry e;

        IF found < cardinality(streams) THEN
            PERFORM /* schema */mt_guard_enter(/* conjoined: n.tenant, */ n.stream)  -- says why
               FROM unnest(streams /* conjoined: , tenants */) n (stream /* conjoined: , tenant */)
              WHERE NOT EXISTS (SELECT FROM /* schema */mt_streams s
                                 WHERE s.id = n.stream /* conjoined: AND s.tenant_id = n.tenant */);
        END IF;
        EXIT WHEN current_setting('mt_guard.owed', true) <> '' OR (true = ANY (owing)) IS NOT TRUE;
        -- Updates a stream; triggers of the user's on it may write.
        PERFORM /* schema */mt_guard_owe(/* conjoined: tenants[1], */ streams[1], 'mt_guard.notes_0');
    END LOOP;

    FOR item IN
        SELECT e.place, bool_or(e.owing) AS owing, string_agg(e.key || e.note, '') FILTER (WHERE e.old = '') AS fresh,
               array_agg(e.key || e.old) FILTER (WHERE e.old <> '') AS olds,
               array_agg(e.key || e.note) FILTER (WHERE e.old <> '') AS notes
          FROM unnest(places, keys, olds, notes, owing) e (place, key, old, note, owing) GROUP BY e.place LOOP
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
    RETURN QUERY SELECT /* conjoined: n.tenant, */ n.stream
                   FROM unnest(rest /* conjoined: , rest_tenants */) n (stream /* conjoined: , tenant */);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_streams FROM PUBLIC;
