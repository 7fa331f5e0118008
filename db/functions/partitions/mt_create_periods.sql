-- Makes a table for each period of [from_start, to_start): not partitions yet, so nobody is held up. Returns them with
-- the bounds they are for. Refused where that would be too many for the server: see mt_refuse_crowd.
CREATE OR REPLACE FUNCTION /* schema */mt_create_periods(from_start timestamptz, to_start timestamptz, period text)
RETURNS TABLE (leaf regclass, name text, lower_bound timestamptz, upper_bound timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    more bigint := 0;
BEGIN
    lower_bound := from_start;
    WHILE lower_bound < to_start LOOP
        more := more + 1;
        lower_bound := /* schema */mt_period_add(/* schema */mt_period_start(lower_bound, period), period, 1);
    END LOOP;
    PERFORM /* schema */mt_refuse_crowd(more);
    lower_bound := from_start;
    WHILE lower_bound < to_start LOOP
        upper_bound := /* schema */mt_period_add(/* schema */mt_period_start(lower_bound, period), period, 1);
        upper_bound := least(upper_bound, to_start);
        name := /* schema */mt_leaf_prefix() || /* schema */mt_period_suffix(lower_bound, period);
        leaf := /* schema */mt_create_leaf(name);
        RETURN NEXT;
        lower_bound := upper_bound;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_periods FROM PUBLIC;
