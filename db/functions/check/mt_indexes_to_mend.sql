-- Partitions without a valid unique index on stream and version, with the statements that make it, each to be run
-- outside a transaction; and other indexes of theirs that are not valid, which `maint reindex` mends.
CREATE OR REPLACE FUNCTION /* schema */mt_indexes_to_mend() RETURNS TABLE (leaf_name text, told text, statements text[])
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    key constant text[] := ARRAY[/* conjoined: 'tenant_id', */ 'stream_id', 'version'];
BEGIN
    RETURN QUERY
    WITH leaf AS (
        SELECT c.oid, n.nspname AS area, c.relname AS name, c.relname || '_stream_id_version_idx' AS index
          FROM /* schema */mt_all_partitions() p JOIN pg_catalog.pg_class c ON c.oid = p.leaf
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    ), own AS (
        SELECT i.indrelid, x.relname AS name, i.indisvalid AND i.indisready AS works,
               i.indisunique AND i.indpred IS NULL
               AND i.indimmediate AND key = ARRAY(
                   SELECT a.attname::text FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (attnum, place)
                     JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                    ORDER BY k.place) AS is_key
          FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
         WHERE i.indrelid IN (SELECT l.oid FROM leaf l)
    )
    SELECT l.name::text, 'no valid unique index on stream and version',
           ARRAY(SELECT format('DROP INDEX CONCURRENTLY %I.%I', l.area, o.name) FROM own o
                  WHERE o.indrelid = l.oid AND (o.is_key OR o.name = l.index))
           || format('CREATE UNIQUE INDEX CONCURRENTLY %I ON %I.%I (%s)', l.index, l.area, l.name,
                     array_to_string(key, ', '))
      FROM leaf l WHERE NOT EXISTS (SELECT FROM own o WHERE o.indrelid = l.oid AND o.is_key AND o.works)
     UNION ALL
    SELECT l.name::text, format('index %s is not valid', o.name), NULL
      FROM leaf l JOIN own o ON o.indrelid = l.oid AND NOT o.works AND NOT o.is_key
     ORDER BY 1, 2;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_indexes_to_mend FROM PUBLIC;
