-- The start of a period, moved by a number of whole UTC periods.
CREATE OR REPLACE FUNCTION /* schema */mt_period_add(start timestamptz, period text, periods integer)
RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE STRICT SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (start AT TIME ZONE 'UTC'
            + periods * CASE period WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || period)::interval END)
        AT TIME ZONE 'UTC';
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_period_add FROM PUBLIC;
