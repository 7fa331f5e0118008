-- Whether a stream has no event, because the store had none (mt_guard_alone) and nobody has written to the stream since:
-- each writer changes its row in mt_streams. Asked before the caller does; the row stays locked.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_unwritten(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid)
RETURNS boolean LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    oldest text := nullif(coalesce(current_setting('mt_guard.alone', true), ''), 'no');
    longer boolean;
BEGIN
    IF oldest <> '' THEN
        SELECT age(s.xmin) > age(oldest::xid8::xid) INTO longer
          FROM /* schema */mt_streams s WHERE s.id = stream /* conjoined: AND s.tenant_id = tenant */
           FOR NO KEY UPDATE;
    END IF;
    RETURN coalesce(longer, false);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_unwritten FROM PUBLIC;
