-- Tags of events that are not there any more. In a plain store a foreign key sees to it that there are none.
CREATE OR REPLACE FUNCTION /* schema */mt_check_tags() RETURNS TABLE (fault text, found bigint, examples text[])
LANGUAGE plpgsql STABLE SET row_security = off SET search_path FROM CURRENT AS $function$
DECLARE
    item record;
BEGIN
    FOR item IN SELECT t AS relation FROM /* schema */mt_tag_tables() t LOOP
        RETURN QUERY EXECUTE format(
            'SELECT ''tags'', count(*), (array_agg(w.told ORDER BY w.place) FILTER (WHERE w.place <= 5))
               FROM (SELECT format(''%%s of event %%s'', $1, t.seq_id) AS told,
                            row_number() OVER (ORDER BY t.seq_id) AS place
                       FROM %s t WHERE NOT EXISTS (SELECT FROM %s e WHERE e.seq_id = t.seq_id)) w
             HAVING count(*) > 0', item.relation, /* schema */mt_events_table()) USING item.relation::text;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_check_tags FROM PUBLIC;
