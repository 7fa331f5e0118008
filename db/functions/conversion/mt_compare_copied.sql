-- The same as mt_compare_partition before the switch, while the plain table may have events that are not copied yet, or
-- columns that it has got or lost since: only what the partition of the copy holds is looked for in the plain table.
-- All of it there, the copy can go without a loss.
CREATE OR REPLACE FUNCTION /* schema */mt_compare_copied(leaf regclass,
    OUT plain_count bigint, OUT plain_hash text, OUT copy_count bigint, OUT copy_hash text)
LANGUAGE plpgsql
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
    plain regclass := /* schema */mt_events_table();
    given text := (SELECT string_agg(format('e.%I', a.attname), ', ' ORDER BY a.attnum)
                     FROM pg_attribute a JOIN pg_attribute b ON b.attrelid = plain AND b.attname = a.attname
                    WHERE a.attrelid = leaf AND a.attnum > 0 AND NOT a.attisdropped AND NOT b.attisdropped);
BEGIN
    EXECUTE format('SELECT * FROM
        (SELECT count(*), coalesce(sum(hashtextextended(ROW(%1$s)::text, 0)), 0)::text FROM %2$s e
          WHERE EXISTS (SELECT FROM %3$s c WHERE c.seq_id = e.seq_id AND c.timestamp = e.timestamp)) p,
        (SELECT count(*), coalesce(sum(hashtextextended(ROW(%1$s)::text, 0)), 0)::text FROM %3$s e) c',
        given, plain, leaf)
       INTO plain_count, plain_hash, copy_count, copy_hash;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_compare_copied FROM PUBLIC;
