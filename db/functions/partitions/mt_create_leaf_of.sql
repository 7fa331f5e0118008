-- A table shaped like a partitioned one (mt_events, or the copy that is to become it) that is not a partition yet,
-- with the unique index no parent index can give (it would need the timestamp), and with what LIKE leaves out (see
-- mt_complete_like; and tablespace, after a model also storage parameters, access method and CLUSTER mark). Events are
-- read and written through mt_events. Marten recognizes a concurrency conflict by the shape of the index's name.
DROP FUNCTION IF EXISTS /* schema */mt_create_leaf_of(regclass, text, boolean);
CREATE OR REPLACE FUNCTION /* schema */mt_create_leaf_of(
    whole regclass, leaf_name text, open_ended boolean DEFAULT false, model regclass DEFAULT NULL)
RETURNS regclass LANGUAGE plpgsql SET default_tablespace = ''
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path FROM CURRENT AS $function$
DECLARE
    parent record;
    key    record;
    leaf   text;
BEGIN
    SELECT c.oid::regclass AS name, n.nspname AS area INTO parent
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = whole;
    leaf := format('%I.%I', parent.area, leaf_name);
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED
                    INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING INDEXES)%s', leaf, parent.name,
                   /* schema */mt_table_storage(whole, model));
    SELECT c.oid::regclass AS name, obj_description(c.oid, 'pg_class') AS comment INTO key
      FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = model AND i.indisunique AND NOT i.indisprimary
       AND (right(c.relname, 22) = '_stream_id_version_idx' OR c.relname = 'pk_mt_events_stream_and_version');
    EXECUTE format('CREATE UNIQUE INDEX %I ON %s (/* conjoined: tenant_id, */ stream_id, version)%s',
                   leaf_name || '_stream_id_version_idx', leaf, /* schema */mt_index_storage(key.name));
    IF key.comment IS NOT NULL THEN
        EXECUTE format('COMMENT ON INDEX %I.%I IS %L', parent.area, leaf_name || '_stream_id_version_idx', key.comment);
    END IF;
    IF open_ended THEN
        PERFORM /* schema */mt_add_vouched(leaf::regclass);
    END IF;
    IF model IS NOT NULL THEN
        PERFORM /* schema */mt_copy_marks(model, leaf::regclass);
    END IF;
    PERFORM /* schema */mt_complete_like(whole, leaf::regclass);
    RETURN leaf::regclass;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_leaf_of FROM PUBLIC;
