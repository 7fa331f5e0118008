-- Refuses a change of stored events (23001, restrict_violation), unless it is the expiry of whole streams. Runs as its
-- owner, to see what only retention can write: see mt_is_expiring.
CREATE OR REPLACE FUNCTION /* schema */mt_refuse_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    IF TG_OP = 'DELETE' AND /* schema */mt_is_expiring() THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of events is refused: % is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', TABLE = 'mt_events', CONSTRAINT = 'mt_append_only',
              HINT = 'SELECT mt_enforce_append_only(false) lifts it for everybody.';
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_refuse_change FROM PUBLIC;
