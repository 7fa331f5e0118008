-- What one statement over all of a partitioned table (mt_events, unless one is given) takes of the server's locks: one
-- for each table and each of their indexes. per_leaf: what one partition more would take. Locks none of them itself.
CREATE OR REPLACE FUNCTION /* schema */mt_lock_space(whole regclass DEFAULT NULL,
    OUT leaves bigint, OUT per_leaf bigint, OUT needed bigint, OUT room bigint)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    whole := coalesce(whole, /* schema */mt_events_table());
    WITH RECURSIVE tree (oid) AS (
        SELECT whole::oid UNION ALL SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid)
    SELECT count(*) FILTER (WHERE c.relkind = 'r'),
           count(*) + (SELECT count(*) FROM tree t JOIN pg_catalog.pg_index x ON x.indrelid = t.oid)
      INTO leaves, needed FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid;
    per_leaf := 2 + (SELECT count(*) FROM pg_catalog.pg_index x WHERE x.indrelid = whole);  -- its own unique index, too
    room := /* schema */mt_lock_room();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_lock_space FROM PUBLIC;
