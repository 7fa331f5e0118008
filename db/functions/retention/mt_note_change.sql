-- After a row of a partition that is about to go, or of the head: its stream has changed. What retention itself removes
-- is no change. Runs as its owner, because whoever may write events need not know of this table.
CREATE OR REPLACE FUNCTION /* schema */mt_note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    IF TG_OP = 'DELETE' AND /* schema */mt_is_expiring() THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO /* schema */mt_retention_changes VALUES (/* conjoined: OLD.tenant_id, */ OLD.stream_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO /* schema */mt_retention_changes VALUES (/* conjoined: NEW.tenant_id, */ NEW.stream_id);
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_note_change FROM PUBLIC;
