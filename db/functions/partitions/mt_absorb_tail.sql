-- Turns a detached tail that holds events before the horizon into the partition of its lower bound up to the end of
-- its last period before the horizon, and attaches a new tail: no row moves but those beyond the horizon. name is
-- null, and nothing done, where there is no such event. With more than 10,000 events beyond, the partition reaches
-- over them instead.
CREATE OR REPLACE FUNCTION /* schema */mt_absorb_tail(tail regclass, lower_bound timestamptz, horizon timestamptz,
    period text, at timestamptz, OUT name text, OUT upper_bound timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    survey   record;
    last     timestamptz;
    new_tail regclass;
BEGIN
    SELECT * INTO survey FROM /* schema */mt_survey_events(tail, /* schema */mt_period_start(at, period), horizon);
    IF survey.last_before IS NULL THEN  -- nothing in the current period, so nobody is kept waiting by a look at all
        SELECT * INTO survey FROM /* schema */mt_survey_events(tail, '-infinity', horizon);
    END IF;
    upper_bound := lower_bound;
    IF survey.last_before IS NULL THEN
        RETURN;
    END IF;
    last := CASE WHEN survey.beyond > 10000 THEN survey.last_event ELSE survey.last_before END;
    last := /* schema */mt_period_start(last, period);
    upper_bound := /* schema */mt_period_add(last, period, 1);
    name := /* schema */mt_leaf_prefix() || /* schema */mt_period_suffix(lower_bound, period);
    IF last > lower_bound THEN
        name := name || '_to_' || /* schema */mt_period_suffix(last, period);
    END IF;

    PERFORM /* schema */mt_rename_leaf(tail, name);
    new_tail := /* schema */mt_create_leaf(/* schema */mt_leaf_prefix() || 'tail', true, tail);
    IF survey.beyond > 0 THEN
        PERFORM /* schema */mt_move_events(tail, new_tail, upper_bound, 'infinity');
    END IF;
    PERFORM /* schema */mt_attach_leaf(tail, lower_bound, upper_bound, true),
            /* schema */mt_attach_leaf(new_tail, greatest(upper_bound, horizon), 'infinity');
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS mt_vouched', tail);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_absorb_tail FROM PUBLIC;
