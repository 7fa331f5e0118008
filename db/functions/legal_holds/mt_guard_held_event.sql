-- Before an event is changed or removed: not while its stream is under a legal hold.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_held_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM /* schema */mt_refuse_held(OLD.tenant_id, OLD.stream_id);
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_held_event FROM PUBLIC;
