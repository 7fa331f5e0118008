-- The suffix of a partition's name: d20261120, w20261116, m202611, q202610, y2026.
CREATE OR REPLACE FUNCTION /* schema */mt_period_suffix(start timestamptz, period text)
RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN left(period, 1) || to_char(start AT TIME ZONE 'UTC',
        CASE period WHEN 'year' THEN 'YYYY' WHEN 'day' THEN 'YYYYMMDD' WHEN 'week' THEN 'YYYYMMDD' ELSE 'YYYYMM' END);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_period_suffix FROM PUBLIC;
