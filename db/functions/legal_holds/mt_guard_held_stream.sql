-- Before a stream is removed, archived or given another name: not while it is under a legal hold. See
-- mt_guard_held_event.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_held_stream() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    IF NOT /* schema */mt_is_expiring() THEN
        PERFORM /* schema */mt_refuse_held(OLD.tenant_id, OLD.id);
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_held_stream FROM PUBLIC;
