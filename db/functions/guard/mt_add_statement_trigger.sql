-- Puts up the trigger for statements that name this table of events, if there is none: unlike triggers for rows, it is
-- not handed down to partitions.
CREATE OR REPLACE FUNCTION /* schema */mt_add_statement_trigger(events regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = events AND t.tgname = 'mt_guard_statement') THEN
        EXECUTE format('CREATE TRIGGER mt_guard_statement AFTER INSERT ON %s REFERENCING NEW TABLE AS added
            FOR EACH STATEMENT EXECUTE FUNCTION /* schema */mt_guard_statement()', events);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_add_statement_trigger FROM PUBLIC;
