-- Removes the tags of the events of a table that go.
CREATE OR REPLACE FUNCTION /* schema */mt_forget_tags(leaf regclass, whole boolean, batch boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    tags regclass;
BEGIN
    FOR tags IN SELECT /* schema */mt_tag_tables() LOOP
        EXECUTE format('DELETE FROM %s t USING %s e WHERE t.seq_id = e.seq_id AND ($1 OR EXISTS (
                               SELECT FROM /* schema */mt_retention_streams x
                                WHERE x.id = e.stream_id /* conjoined: AND x.tenant_id = e.tenant_id */
                                  AND (x.up_to IS NULL OR e.version <= x.up_to) AND (x.leaf < 0 OR NOT $2)))',
                       tags, leaf) USING whole, batch;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_forget_tags FROM PUBLIC;
