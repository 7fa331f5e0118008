-- The part of the preparation that needs a short lock on events and streams. The guard goes up while the plain table's
-- own keys still stand, so that from here on streams tell of all events to come; the CHECK (see mt_vouched) is to be
-- validated afterwards, so that attaching the table scans nothing.
CREATE OR REPLACE FUNCTION /* schema */mt_prepare_conversion(streams_first boolean) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    PERFORM /* schema */mt_create_bookkeeping();
    PERFORM /* schema */mt_lock_in_turn(/* schema */mt_conversion_tables(streams_first));
    PERFORM /* schema */mt_install_guard();
    PERFORM /* schema */mt_add_vouched(/* schema */mt_events_table(), true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_prepare_conversion FROM PUBLIC;
