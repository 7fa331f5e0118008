-- What the plain events table looks like, as far as the partitioned layout cannot tell: its primary key, the foreign
-- keys from and to it, the default of timestamp, and under which names its indexes are found once it is the head.
-- Names in the definitions are qualified, whatever the caller's search_path.
CREATE OR REPLACE FUNCTION /* schema */mt_describe_plain(events regclass) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN jsonb_build_object(
        'primary_key', (SELECT k.conname FROM pg_constraint k WHERE k.conrelid = events AND k.contype = 'p'),
        'timestamp_default', (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a
                                  ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                               WHERE d.adrelid = events AND a.attname = 'timestamp'),
        'foreign_keys', coalesce((SELECT jsonb_agg(jsonb_build_object(
                 'table', k.conrelid::regclass, 'name', k.conname, 'definition', pg_get_constraintdef(k.oid),
                 'validated', k.convalidated) ORDER BY k.oid)
              FROM pg_constraint k WHERE k.contype = 'f' AND events IN (k.conrelid, k.confrelid)), '[]'),
        'indexes', coalesce((SELECT jsonb_agg(jsonb_build_object(
                 'name', c.relname,
                 'in_head', CASE WHEN i.indisunique THEN 'mt_events_head_stream_id_version_idx'
                                 ELSE left('mt_events_head_' || regexp_replace(c.relname, '^mt_events_', ''), 63) END,
                 'definition', CASE WHEN NOT i.indisunique THEN pg_get_indexdef(c.oid) END) ORDER BY c.oid)
              FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE i.indrelid = events AND NOT i.indisprimary AND c.relname NOT LIKE 'mt\_events\_conversion\_%'),
            '[]'));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_describe_plain FROM PUBLIC;
