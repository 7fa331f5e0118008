-- The way back before the swap: takes down what mt_prepare_conversion has put up. The plain table's own keys still
-- stand.
CREATE OR REPLACE FUNCTION /* schema */mt_cancel_preparation(streams_first boolean) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    PERFORM /* schema */mt_lock_in_turn(/* schema */mt_conversion_tables(streams_first));
    PERFORM /* schema */mt_remove_guard();
    ALTER TABLE /* schema */mt_events DROP CONSTRAINT IF EXISTS mt_vouched;
    UPDATE /* schema */mt_conversion c SET state = 'returning', changed = now() WHERE c.state = 'preparing';
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_cancel_preparation FROM PUBLIC;
