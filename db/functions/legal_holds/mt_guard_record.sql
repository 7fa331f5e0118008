-- What was written about a legal hold is neither changed nor removed (23001): a hold that stands may be lifted, once.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_record() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        IF NOT EXISTS (SELECT FROM /* schema */mt_legal_holds) THEN
            RETURN NULL;
        END IF;
    ELSIF TG_OP = 'UPDATE' AND OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL
          AND to_jsonb(NEW) - ARRAY['lifted_at', 'lifted_by'] = to_jsonb(OLD) - ARRAY['lifted_at', 'lifted_by'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of legal holds is refused: they stay on record', TG_OP
        USING ERRCODE = 'restrict_violation', TABLE = 'mt_legal_holds', CONSTRAINT = 'mt_guard_record',
              HINT = 'SELECT mt_lift_hold(id) lifts one that is no longer needed.';
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_record FROM PUBLIC;
