-- Sees to it that the month of a date has a partition, and so have all periods between it and those that exist: at
-- most 240 a call. Returns the name of the partition that then holds the first of that month.
CREATE OR REPLACE FUNCTION /* schema */create_monthly_partition(month date) RETURNS text
LANGUAGE plpgsql STRICT SET search_path FROM CURRENT AS $function$
DECLARE
    period text        := /* schema */mt_store_period();
    start  timestamptz := /* schema */mt_period_start(month::timestamp AT TIME ZONE 'UTC', 'month');
    last   timestamptz := /* schema */mt_period_add(start, 'month', 1) - interval '1 microsecond';
    ends   timestamptz := /* schema */mt_period_add(/* schema */mt_period_start(last, period), period, 1);
    closed record;
BEGIN
    SELECT min(p.upper_bound) AS first, max(p.lower_bound) AS last INTO closed FROM /* schema */mt_partitions() p;
    IF start < /* schema */mt_period_add(closed.first, period, -240)
       OR ends > /* schema */mt_period_add(closed.last, period, 240) THEN
        RAISE EXCEPTION 'month % is more than 240 partitions away', to_char(month, 'YYYY-MM')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Check the date, or create a nearer month first.';
    ELSIF start < closed.first THEN
        PERFORM /* schema */mt_provision_history(period, start);
    ELSE
        PERFORM /* schema */mt_cut_tail(period, ends);
    END IF;
    RETURN (SELECT p.name FROM /* schema */mt_partitions() p WHERE start >= p.lower_bound AND start < p.upper_bound);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */create_monthly_partition FROM PUBLIC;
