-- Removes tags of events that are not there any more. Returns how many those were.
CREATE OR REPLACE FUNCTION /* schema */mt_repair_tags() RETURNS bigint
LANGUAGE plpgsql SET row_security = off SET search_path FROM CURRENT AS $function$
DECLARE
    item    record;
    removed bigint;
    total   bigint := 0;
BEGIN
    FOR item IN SELECT t AS relation FROM /* schema */mt_tag_tables() t LOOP
        EXECUTE format('DELETE FROM %s t WHERE NOT EXISTS (SELECT FROM %s e WHERE e.seq_id = t.seq_id)',
                       item.relation, /* schema */mt_events_table());
        GET DIAGNOSTICS removed = ROW_COUNT;
        total := total + removed;
    END LOOP;
    RETURN total;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_repair_tags FROM PUBLIC;
