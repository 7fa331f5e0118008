-- The part of the preparation that needs a short lock on events and streams: from its commit on all that is written
-- goes to both copies, and streams tell of all events to come. Nothing is missed, for all who wrote before have ended.
CREATE OR REPLACE FUNCTION /* schema */mt_prepare_shadow(streams_first boolean) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    PERFORM /* schema */mt_lock_in_turn(/* schema */mt_shadow_tables(streams_first));
    PERFORM /* schema */mt_install_guard(), /* schema */mt_remove_dual_write();
    PERFORM /* schema */mt_install_dual_write();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_prepare_shadow FROM PUBLIC;
