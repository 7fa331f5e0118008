-- Makes the partitions of the current period and of periods_ahead (0 to 1000) more. Returns the names of those
-- attached.
CREATE OR REPLACE FUNCTION /* schema */mt_provision_partitions(
    period text DEFAULT 'month', periods_ahead integer DEFAULT 3, at timestamptz DEFAULT now())
RETURNS SETOF text LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF coalesce(periods_ahead, -1) NOT BETWEEN 0 AND 1000 THEN
        RAISE EXCEPTION 'periods_ahead must be 0 to 1000, not %', periods_ahead
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY SELECT /* schema */mt_cut_tail(
        period, /* schema */mt_period_add(/* schema */mt_period_start(at, period), period, periods_ahead + 1), at);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_provision_partitions FROM PUBLIC;
