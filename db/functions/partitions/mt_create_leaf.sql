-- A table shaped like mt_events that is not a partition yet, with the unique index no parent index can give (it would need
-- the timestamp). Marten recognizes a concurrency conflict by the shape of this index's name.
CREATE OR REPLACE FUNCTION /* schema */mt_create_leaf(leaf_name text) RETURNS regclass LANGUAGE plpgsql AS $function$
DECLARE
    parent regclass := /* schema */mt_events_table();
    area   name     := (SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                         WHERE c.oid = parent);
    leaf   text     := format('%I.%I', area, leaf_name);
BEGIN
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', leaf, parent);
    EXECUTE format('CREATE UNIQUE INDEX %I ON %s (stream_id, version)', leaf_name || '_stream_id_version_idx', leaf);
    PERFORM /* schema */mt_copy_grants(parent, leaf::regclass);
    RETURN leaf::regclass;
END
$function$;
