-- Refuses (23001) to go on with what would change or remove something of a stream under a legal hold. Until the end of
-- the transaction no hold can be placed; one placed since a REPEATABLE READ transaction began fails it (40001).
CREATE OR REPLACE FUNCTION /* schema */mt_refuse_held(tenant varchar, stream /* stream identity */uuid) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    hold bigint;
BEGIN
    PERFORM FROM /* schema */mt_legal_holds_turn t FOR SHARE;
    hold := (SELECT min(h) FROM /* schema */mt_holds_of_stream(stream::text, tenant) h);
    IF hold IS NOT NULL THEN
        RAISE EXCEPTION 'stream % is under legal hold %', stream, hold
            USING ERRCODE = 'restrict_violation', TABLE = 'mt_streams', CONSTRAINT = 'mt_legal_hold',
                  HINT = format('SELECT mt_lift_hold(%s) lifts it when it is no longer needed.', hold);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_refuse_held FROM PUBLIC;
