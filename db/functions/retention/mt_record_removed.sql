-- Notes in mt_removed_partitions what goes with each partition of a run; beside: events that go from the head.
CREATE OR REPLACE FUNCTION /* schema */mt_record_removed(leaves text[], cut boolean, beside bigint) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    item record;
    held record;
    gone bigint;
BEGIN
    FOR item IN SELECT t.place, t.leaf, p.name, p.lower_bound, p.upper_bound
                  FROM /* schema */mt_retention_tables(leaves) t
                  JOIN /* schema */mt_partitions() p ON p.leaf = t.leaf WHERE t.place > 0 LOOP
        EXECUTE format('SELECT min(seq_id) AS first, max(seq_id) AS last FROM %s', item.leaf) INTO held;
        EXECUTE format('SELECT count(*) FROM %s e WHERE $1 OR EXISTS (
                               SELECT FROM /* schema */mt_retention_streams x
                                WHERE x.id = e.stream_id /* conjoined: AND x.tenant_id = e.tenant_id */
                                  AND (x.up_to IS NULL OR e.version <= x.up_to))', item.leaf) INTO gone USING cut;
        INSERT INTO /* schema */mt_removed_partitions
               (name, lower_bound, upper_bound, first_seq, last_seq, events, streams, tenant)
        SELECT item.name, item.lower_bound, item.upper_bound, held.first, held.last,
               gone + CASE item.place WHEN 1 THEN beside ELSE 0 END, count(*),
               /* schema */mt_retention_tenant()
          FROM /* schema */mt_retention_streams x WHERE x.leaf = item.place AND x.up_to IS NULL;
        beside := CASE item.place WHEN 1 THEN 0 ELSE beside END;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_record_removed FROM PUBLIC;
