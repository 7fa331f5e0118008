-- Where the head is to end: at the end of the current period, or later where more than 1,000 events lie beyond that,
-- so that few rows move at the swap. Needs a B-tree on timestamp.
CREATE OR REPLACE FUNCTION /* schema */mt_choose_cut(events regclass, period text, at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql SET enable_seqscan = off SET enable_sort = off SET search_path FROM CURRENT AS $function$
DECLARE
    newest timestamptz;
BEGIN
    EXECUTE format('SELECT timestamp FROM %s ORDER BY timestamp DESC OFFSET 1000 LIMIT 1', events) INTO newest;
    IF newest = 'infinity' THEN
        RAISE EXCEPTION 'more than 1,000 events have the timestamp infinity'
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Give them a timestamp, then try again.';
    END IF;
    RETURN /* schema */mt_period_add(/* schema */mt_period_start(greatest(at, newest), period), period, 1);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_choose_cut FROM PUBLIC;
