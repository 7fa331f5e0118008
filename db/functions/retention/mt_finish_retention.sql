-- Ends what an interrupted run has left, before another one: what was put in place stays in place, what had not come
-- so far is abandoned.
CREATE OR REPLACE FUNCTION /* schema */mt_finish_retention() RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
    IF EXISTS (SELECT FROM /* schema */mt_retention_run r WHERE r.state NOT IN ('done', 'abandoned')) THEN
        PERFORM /* schema */mt_end_retention();
    END IF;
END
$function$;
