-- The two open-ended partitions of a new store: together they cover all time, so no insert ever fails for want of one.
CREATE OR REPLACE FUNCTION /* schema */mt_create_head_and_tail(period text, at timestamptz DEFAULT now())
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    start timestamptz := /* schema */mt_period_start(at, period);
BEGIN
    PERFORM /* schema */mt_attach_leaf(/* schema */mt_create_leaf('mt_events_head', true), '-infinity', start),
            /* schema */mt_attach_leaf(/* schema */mt_create_leaf('mt_events_tail', true), start, 'infinity');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_head_and_tail FROM PUBLIC;
