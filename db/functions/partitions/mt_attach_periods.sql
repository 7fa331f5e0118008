-- Attaches one new partition for each period of [from_start, to_start). Returns their names.
CREATE OR REPLACE FUNCTION /* schema */mt_attach_periods(from_start timestamptz, to_start timestamptz, period text)
RETURNS SETOF text LANGUAGE plpgsql AS $function$
DECLARE
    start    timestamptz := from_start;
    next     timestamptz;
    new_name text;
BEGIN
    WHILE start < to_start LOOP
        next := least(/* schema */mt_period_add(/* schema */mt_period_start(start, period), period, 1), to_start);
        new_name := 'mt_events_' || /* schema */mt_period_suffix(start, period);
        PERFORM /* schema */mt_attach_leaf(/* schema */mt_create_leaf(new_name), start, next);
        RETURN NEXT new_name;
        start := next;
    END LOOP;
END
$function$;
