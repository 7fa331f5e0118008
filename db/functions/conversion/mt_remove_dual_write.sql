-- Takes the triggers down that mt_install_dual_write has put up.
CREATE OR REPLACE FUNCTION /* schema */mt_remove_dual_write() RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
BEGIN
    DROP TRIGGER IF EXISTS mt_dual_write ON /* schema */mt_events;
    DROP TRIGGER IF EXISTS mt_dual_truncate ON /* schema */mt_events;
    DROP FUNCTION IF EXISTS /* schema */mt_dual_write();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_remove_dual_write FROM PUBLIC;
