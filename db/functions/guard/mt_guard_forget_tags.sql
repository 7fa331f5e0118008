-- Removes the tags (Marten's mt_event_tag_* tables) of events that have gone with their stream: on the plain table a
-- foreign key sees to it that none stays behind.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_forget_tags(sequences bigint[]) RETURNS void
LANGUAGE plpgsql AS $function$
DECLARE
    tags regclass;
BEGIN
    FOR tags IN SELECT c.oid::regclass FROM pg_catalog.pg_class c
                  JOIN pg_catalog.pg_class e ON e.oid = /* schema */mt_events_table()
                                            AND e.relnamespace = c.relnamespace
                 WHERE c.relname LIKE 'mt\_event\_tag\_%' AND c.relkind IN ('r', 'p') LOOP
        EXECUTE format('DELETE FROM %s t WHERE t.seq_id = ANY ($1)', tags) USING sequences;
    END LOOP;
END
$function$;
