-- Turns a detached tail that holds events before the horizon into the partition of its lower bound up to the end of its last
-- period before the horizon, and attaches a new tail: no row moves but those beyond the horizon. name is null, and nothing
-- done, where there is no such event. With more than 10,000 events beyond, the partition reaches over them instead.
CREATE OR REPLACE FUNCTION /* schema */mt_absorb_tail(
    tail regclass, lower_bound timestamptz, horizon timestamptz, period text, OUT name text, OUT upper_bound timestamptz)
LANGUAGE plpgsql AS $function$
DECLARE
    found    record;
    new_tail regclass;
    last     timestamptz;
    claim    regclass := /* schema */mt_claim_of(tail);
BEGIN
    SELECT * INTO found FROM /* schema */mt_survey_tail(tail, horizon);
    upper_bound := lower_bound;
    IF found.last_before IS NULL THEN
        RETURN;
    END IF;
    last := CASE WHEN found.beyond > 10000 THEN found.last_event ELSE found.last_before END;
    last := /* schema */mt_period_start(last, period);
    upper_bound := /* schema */mt_period_add(last, period, 1);
    name := 'mt_events_' || /* schema */mt_period_suffix(lower_bound, period);
    IF last > lower_bound THEN
        name := name || '_to_' || /* schema */mt_period_suffix(last, period);
    END IF;

    EXECUTE format('ALTER TABLE %s RENAME TO %I', tail, name);
    EXECUTE format('ALTER INDEX %s RENAME TO %I', (
        SELECT i.indexrelid::regclass FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
         WHERE i.indrelid = tail AND c.relname = 'mt_events_tail_stream_id_version_idx'), name || '_stream_id_version_idx');
    new_tail := /* schema */mt_create_leaf('mt_events_tail');
    IF found.beyond > 0 THEN
        EXECUTE format('WITH moved AS (DELETE FROM %s WHERE timestamp >= $1 RETURNING *) INSERT INTO %s SELECT * FROM moved',
                       tail, new_tail) USING upper_bound;
    END IF;
    PERFORM /* schema */mt_attach_leaf(tail, lower_bound, upper_bound),
            /* schema */mt_attach_leaf(new_tail, greatest(upper_bound, horizon), 'infinity'),
            /* schema */mt_drop_claim(tail, claim);
END
$function$;
