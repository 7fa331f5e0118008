-- What a run would do, counted in a transaction that is then rolled back: for each partition how many events it holds,
-- how many of them go and how many streams end with it; for the head (place 0) how many leave it. Waits for nobody who
-- reads or writes events.
CREATE OR REPLACE FUNCTION /* schema */mt_preview_retention(
    leaf_names text[], floor timestamptz, rules jsonb, cut boolean, covered jsonb)
RETURNS TABLE (place integer, name text, events bigint, removed bigint, streams bigint)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    item record;
BEGIN
    UPDATE /* schema */mt_retention_run r SET state = 'abandoned' WHERE r.state NOT IN ('done', 'abandoned');
    INSERT INTO /* schema */mt_retention_run (leaves, lower_bound, upper_bound, floor, rules, cut, covered,
                                            tenant)
    SELECT leaf_names, min(p.lower_bound), max(p.upper_bound), mt_preview_retention.floor, mt_preview_retention.rules,
           mt_preview_retention.cut, mt_preview_retention.covered, /* schema */mt_retention_tenant()
      FROM /* schema */mt_partitions() p WHERE p.name = ANY (leaf_names);
    DELETE FROM /* schema */mt_retention_changes;
    PERFORM /* schema */mt_choose_streams();
    FOR item IN SELECT t.place, t.leaf, t.name FROM /* schema */mt_retention_tables(leaf_names) t LOOP
        place := item.place;
        name := item.name;
        EXECUTE format('SELECT count(*), count(*) FILTER (WHERE x.id IS NOT NULL OR $1 AND $2 > 0) FROM %s e
                          LEFT JOIN /* schema */mt_retention_streams x
                            ON x.id = e.stream_id /* conjoined: AND x.tenant_id = e.tenant_id */
                           AND (x.up_to IS NULL OR e.version <= x.up_to)', item.leaf)
           INTO events, removed USING cut, item.place;
        streams := (SELECT count(*) FROM /* schema */mt_retention_streams x
                     WHERE x.leaf = item.place AND x.up_to IS NULL);
        RETURN NEXT;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_preview_retention FROM PUBLIC;
