-- Makes the partitions of the current period and of periods_ahead more, cut from the tail in one short transaction.
-- A tail that already holds events of those periods is absorbed first. Returns the names of the partitions attached.
CREATE OR REPLACE FUNCTION /* schema */mt_provision_partitions(
    period text DEFAULT 'month', periods_ahead integer DEFAULT 3, at timestamptz DEFAULT now())
RETURNS SETOF text LANGUAGE plpgsql AS $function$
DECLARE
    horizon  timestamptz := /* schema */mt_period_add(/* schema */mt_period_start(at, period), period, periods_ahead + 1);
    tail     record;
    absorbed record;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT p.leaf::regclass, p.lower_bound INTO tail FROM /* schema */mt_partitions() p WHERE p.kind = 'tail';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'mt_events has no tail partition' USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'The layout is plain or foreign; marten-eventing db status shows it.';
    ELSIF tail.lower_bound >= horizon THEN
        RETURN;
    END IF;

    EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', /* schema */mt_events_table(), tail.leaf);
    SELECT * INTO absorbed FROM /* schema */mt_absorb_tail(tail.leaf, tail.lower_bound, horizon, period);
    IF absorbed.name IS NULL THEN
        PERFORM /* schema */mt_attach_leaf(tail.leaf, horizon, 'infinity');
    ELSE
        RETURN NEXT absorbed.name;
    END IF;
    RETURN QUERY SELECT /* schema */mt_attach_periods(absorbed.upper_bound, horizon, period);
END
$function$;
