-- Attaches one new partition for each period of [from_start, to_start), with the events that a source holds of it.
-- Returns their names.
CREATE OR REPLACE FUNCTION /* schema */mt_attach_periods(
    from_start timestamptz, to_start timestamptz, period text, source regclass DEFAULT NULL)
RETURNS SETOF text LANGUAGE plpgsql AS $function$
DECLARE
    start timestamptz := from_start;
    next  timestamptz;
    leaf  regclass;
BEGIN
    WHILE start < to_start LOOP
        next := least(/* schema */mt_period_add(/* schema */mt_period_start(start, period), period, 1), to_start);
        leaf := /* schema */mt_create_leaf('mt_events_' || /* schema */mt_period_suffix(start, period));
        IF source IS NOT NULL THEN
            PERFORM /* schema */mt_move_events(source, leaf, start, next);
        END IF;
        PERFORM /* schema */mt_attach_leaf(leaf, start, next);
        RETURN NEXT (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = leaf);
        start := next;
    END LOOP;
END
$function$;
