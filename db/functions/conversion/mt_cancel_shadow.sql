-- The way back before the switch: nothing is written twice any more, and the guard goes. The copy is to be dropped.
CREATE OR REPLACE FUNCTION /* schema */mt_cancel_shadow(streams_first boolean) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    PERFORM /* schema */mt_lock_in_turn(/* schema */mt_shadow_tables(streams_first));
    PERFORM /* schema */mt_remove_dual_write(), /* schema */mt_remove_guard();
    UPDATE /* schema */mt_conversion c SET state = 'returning', changed = now()
     WHERE c.state IN ('preparing', 'backfilling', 'verified');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_cancel_shadow FROM PUBLIC;
