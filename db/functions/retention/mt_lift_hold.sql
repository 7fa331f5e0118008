-- Lifts a legal hold; its row stays. False when there is none of this id that has not been lifted yet.
CREATE OR REPLACE FUNCTION /* schema */mt_lift_hold(hold bigint, lifted_by text DEFAULT current_user) RETURNS boolean
LANGUAGE plpgsql AS $function$
BEGIN
    UPDATE /* schema */mt_legal_holds h SET lifted_by = mt_lift_hold.lifted_by, lifted_at = clock_timestamp()
     WHERE h.id = hold AND h.lifted_at IS NULL;
    RETURN FOUND;
END
$function$;
