-- Before all events or streams go at once: not while a legal hold stands (23001).
CREATE OR REPLACE FUNCTION /* schema */mt_guard_held_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM FROM /* schema */mt_legal_holds_turn t FOR SHARE;
    IF EXISTS (SELECT FROM /* schema */mt_legal_holds h WHERE h.lifted_at IS NULL) THEN
        RAISE EXCEPTION 'cannot truncate % while a legal hold stands', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = 'mt_legal_hold',
                  HINT = 'SELECT * FROM mt_legal_holds WHERE lifted_at IS NULL shows them.';
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_held_truncate FROM PUBLIC;
