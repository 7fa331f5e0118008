-- Lets mt_events_sequence belong to mt_events.seq_id, and stand at the highest event: forward only. ALTER SEQUENCE lets
-- nobody draw until the transaction ends, so what is read after it stays true.
CREATE OR REPLACE FUNCTION /* schema */mt_repair_sequence() RETURNS bigint
LANGUAGE plpgsql SET row_security = off SET search_path FROM CURRENT AS $function$
BEGIN
    ALTER SEQUENCE /* schema */mt_events_sequence OWNED BY /* schema */mt_events.seq_id;
    IF /* schema */mt_last_sequence() < (SELECT max(e.seq_id) FROM /* schema */mt_events e) THEN
        PERFORM setval('mt_events_sequence', (SELECT max(e.seq_id) FROM /* schema */mt_events e), true);
    END IF;
    RETURN /* schema */mt_last_sequence();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_repair_sequence FROM PUBLIC;
