-- What one statement has taken of streams with gaps (versions, with commas; null for others), as mt_guard_take notes
-- it: by hundreds of versions, each on the page of its name, the first beside the stream's note. Returns what is to be
-- written there for each hundred (old and note are what stands behind the key, and what shall), and whether one of the
-- versions has been taken before. Given are the notes of the streams, with their keys and places; null, where a stream
-- is not decided on.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_taken(places text[], keys text[], gaps text[], notes text[])
RETURNS TABLE (stream_key text, place text, key text, old text, note text, twice boolean)
LANGUAGE plpgsql ROWS 10 SET jit = off SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    WITH hundred AS (
        SELECT s.place, s.key, v::bigint / 100 AS number, substr(s.key, 3, length(s.key) - 4) AS name,
               string_agg((v::bigint % 100)::text, ',') AS added
          FROM unnest(places, keys, gaps, notes) s (place, key, gaps, note)
         CROSS JOIN LATERAL string_to_table(s.gaps, ',') v
         WHERE s.gaps IS NOT NULL AND s.note IS NOT NULL GROUP BY s.place, s.key, v::bigint / 100),
    list AS (
        SELECT h.key AS stream_key, h.added, '|;' || h.number || ':' || h.name || '|=' AS key,
               CASE h.number WHEN 0 THEN h.place
                    ELSE /* schema */mt_guard_place(h.number || ':' || h.name) END AS place
          FROM hundred h OFFSET 0),
    found AS (
        SELECT l.*, coalesce(split_part(split_part(current_setting(l.place, true), l.key, 2), '|', 1), '') AS old
          FROM list l OFFSET 0)
    SELECT f.stream_key, f.place, f.key, f.old, CASE f.old WHEN '' THEN ',' ELSE f.old END || f.added || ',',
           f.old <> '' AND string_to_array(f.old, ',') && string_to_array(f.added, ',')
      FROM found f;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_taken FROM PUBLIC;
