-- Counts what a partition of the partitioned copy holds and what the plain table, whichever of the two is mt_events
-- now, has of that time, and adds up a hash over all columns of each row: whatever their order. One statement, so both
-- are seen at the same instant.
CREATE OR REPLACE FUNCTION /* schema */mt_compare_partition(leaf regclass,
    OUT plain_count bigint, OUT plain_hash text, OUT copy_count bigint, OUT copy_hash text)
LANGUAGE plpgsql
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    EXECUTE format('SELECT * FROM
        (SELECT count(*), coalesce(sum(hashtextextended(e::text, 0)), 0)::text FROM %s e WHERE %s) p,
        (SELECT count(*), coalesce(sum(hashtextextended(e::text, 0)), 0)::text FROM %s e) c',
        (SELECT c.oid::regclass FROM pg_class c WHERE c.relkind = 'r'
            AND c.oid IN (/* schema */mt_events_table(), /* schema */mt_other_events())),
        pg_get_partition_constraintdef(leaf), leaf)
       INTO plain_count, plain_hash, copy_count, copy_hash;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_compare_partition FROM PUBLIC;
