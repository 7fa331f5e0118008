-- The partitions of one table that is cut by time, as the catalogs have them, in the order of time. Open bounds are
-- -infinity and infinity. kind: head, tail, day ... year, wide (several periods in one), or other (a name that is not
-- ours: listed, never touched). seal: open, claimed (not validated yet), sealed, or withdrawn (something came after the
-- sealing). generation changes with the name, the bounds and the constraints.
CREATE OR REPLACE FUNCTION /* schema */mt_partitions_of(whole regclass)
RETURNS TABLE (leaf oid, name text, kind text, lower_bound timestamptz, upper_bound timestamptz, detach_pending boolean,
               is_sealed boolean, first_seq bigint, last_seq bigint, generation text, seal text)
LANGUAGE plpgsql STABLE
SET timezone = 'UTC' SET datestyle = 'ISO' SET quote_all_identifiers = off SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    SELECT c.oid, c.relname::text,
           CASE WHEN part[1] IS NULL THEN 'other' WHEN part[1] IN ('head', 'tail') THEN part[1]
                WHEN part[2] IS NOT NULL THEN 'wide'
                ELSE CASE left(part[1], 1) WHEN 'd' THEN 'day' WHEN 'w' THEN 'week' WHEN 'm' THEN 'month'
                                           WHEN 'q' THEN 'quarter' ELSE 'year' END END,
           CASE bounds[1] WHEN 'MINVALUE' THEN '-infinity' ELSE trim('''' FROM bounds[1])::timestamptz END,
           CASE bounds[2] WHEN 'MAXVALUE' THEN 'infinity' ELSE trim('''' FROM bounds[2])::timestamptz END,
           i.inhdetachpending,
           state = 'sealed', seq[1]::bigint, seq[2]::bigint, c.xmin::text, state
      FROM pg_catalog.pg_inherits i
      JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
      CROSS JOIN LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM [(](.+)[)] TO [(](.+)[)]') AS b (bounds)
      LEFT JOIN LATERAL regexp_match(
           c.relname, '^mt_events_(?:t[0-9a-f]{7}_)?'
                      '(head|tail|(?:[dw][0-9]{8}|[mq][0-9]{6}|y[0-9]{4})(_to_[dwmqy][0-9]+)?)$') AS n (part) ON true
      LEFT JOIN pg_catalog.pg_constraint s ON s.conrelid = c.oid AND s.conname = 'mt_sealed' AND s.contype = 'c'
      LEFT JOIN LATERAL regexp_match(pg_get_constraintdef(s.oid),
                                     'seq_id >= ''?(-?[0-9]+).*seq_id <= ''?(-?[0-9]+)') AS q (seq) ON true
      CROSS JOIN LATERAL (
           SELECT CASE WHEN s.oid IS NULL THEN 'open'
                       WHEN /* schema */mt_claim_withdrawn(/* schema */mt_claim_of(c.oid), seq[2]::bigint)
                       THEN 'withdrawn'
                       WHEN s.convalidated THEN 'sealed' ELSE 'claimed' END) AS z (state)
     WHERE i.inhparent = whole
     ORDER BY 4;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_partitions_of FROM PUBLIC;
