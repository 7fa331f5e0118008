-- Start of the UTC period (day, week, month, quarter, year) that holds an instant. A week starts on Monday.
CREATE OR REPLACE FUNCTION /* schema */mt_period_start(at timestamptz, period text)
RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE STRICT SET search_path FROM CURRENT AS $function$
BEGIN
    IF period NOT IN ('day', 'week', 'month', 'quarter', 'year') THEN
        RAISE EXCEPTION 'period must be day, week, month, quarter or year, not "%"', period
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN date_trunc(period, at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_period_start FROM PUBLIC;
