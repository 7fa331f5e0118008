-- Removes the tags of events that have gone with their stream: on the plain table a foreign key sees to it that none
-- stays behind.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_forget_tags(sequences bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    tags regclass;
BEGIN
    FOR tags IN SELECT /* schema */mt_tag_tables() LOOP
        EXECUTE format('DELETE FROM %s t WHERE t.seq_id = ANY ($1)', tags) USING sequences;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_forget_tags FROM PUBLIC;
