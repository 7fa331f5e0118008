-- Ends dual write for good: from here on the plain copy is behind, so nothing may refer to it any more, and there is
-- no switching back to it. It is to be dropped.
DROP FUNCTION IF EXISTS /* schema */mt_part_from_plain(boolean);
CREATE OR REPLACE FUNCTION /* schema */mt_leave_plain(streams_first boolean) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    other regclass := /* schema */mt_other_events();
    item  record;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    IF NOT EXISTS (SELECT FROM /* schema */mt_conversion c WHERE c.state = 'switched') THEN
        RAISE EXCEPTION 'mt_events is not a copy of a plain table' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    PERFORM /* schema */mt_lock_in_turn(/* schema */mt_shadow_tables(streams_first));
    PERFORM /* schema */mt_remove_dual_write();
    FOR item IN SELECT k.conrelid::regclass AS referrer, k.conname FROM pg_catalog.pg_constraint k
                 WHERE k.contype = 'f' AND other IN (k.conrelid, k.confrelid) LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', item.referrer, item.conname);
    END LOOP;
    UPDATE /* schema */mt_conversion c SET state = 'completed', changed = now() WHERE c.state = 'switched';
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_leave_plain FROM PUBLIC;
