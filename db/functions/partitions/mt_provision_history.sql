-- Makes partitions for the past, cut from the head back to the period that holds an instant: for an import of old
-- events. At most max_partitions a call: what is older stays in the head. A head that already holds more than 10,000
-- events of that time is left as it is. Returns the names of the partitions attached.
CREATE OR REPLACE FUNCTION /* schema */mt_provision_history(
    period text, since timestamptz, max_partitions integer DEFAULT 240)
RETURNS SETOF text LANGUAGE plpgsql STRICT SET search_path FROM CURRENT AS $function$
DECLARE
    head  record;
    start timestamptz;
    made  regclass[];
    bound timestamptz[];
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT p.leaf::regclass, p.upper_bound INTO head FROM /* schema */mt_partitions() p WHERE p.kind = 'head';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'mt_events has no head partition' USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'The layout is plain or foreign; marten-eventing db status shows it.';
    END IF;
    start := /* schema */mt_period_start(head.upper_bound - interval '1 microsecond', period);
    start := greatest(/* schema */mt_period_start(since, period),
                      /* schema */mt_period_add(start, period, 1 - max_partitions));
    IF start >= head.upper_bound THEN
        RETURN;
    ELSIF (SELECT s.beyond > 10000 FROM /* schema */mt_survey_events(head.leaf, start, start) s) THEN
        RAISE NOTICE '% holds more than 10,000 events since %: left as it is', head.leaf, start;
        RETURN;
    END IF;

    -- The tables are made before the lock is taken: they are what takes long.
    SELECT array_agg(p.leaf), array_agg(p.lower_bound) || head.upper_bound INTO made, bound
      FROM /* schema */mt_create_periods(start, head.upper_bound, period) p;
    PERFORM /* schema */mt_detach_leaf(head.leaf);
    FOR i IN 1 .. cardinality(made) LOOP
        PERFORM /* schema */mt_move_events(head.leaf, made[i], bound[i], bound[i + 1]);
        PERFORM /* schema */mt_attach_leaf(made[i], bound[i], bound[i + 1]);
        RETURN NEXT (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = made[i]);
    END LOOP;
    PERFORM /* schema */mt_attach_leaf(head.leaf, '-infinity', start, true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_provision_history FROM PUBLIC;
