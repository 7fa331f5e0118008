-- Lifts a legal hold; its row stays, and tells who was connected. False when there is none of this id that has not been
-- lifted yet. Runs as its owner, so that those who lift holds need no rights on the table.
DROP FUNCTION IF EXISTS /* schema */mt_lift_hold(bigint, text);
CREATE OR REPLACE FUNCTION /* schema */mt_lift_hold(hold bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    UPDATE /* schema */mt_legal_holds h SET lifted_by = session_user, lifted_at = clock_timestamp()
     WHERE h.id = hold AND h.lifted_at IS NULL;
    RETURN FOUND;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_lift_hold FROM PUBLIC;
