-- A table shaped like a partitioned one (mt_events, or the copy that is to become it) that is not a partition yet,
-- with the unique index no parent index can give (it would need the timestamp), and with the targets of statistics,
-- which LIKE leaves out. Nobody but the owner has rights on it: events are read and written through mt_events. Marten
-- recognizes a concurrency conflict by the shape of the index's name.
CREATE OR REPLACE FUNCTION /* schema */mt_create_leaf_of(
    whole regclass, leaf_name text, open_ended boolean DEFAULT false)
RETURNS regclass LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    parent record;
    target record;
    leaf   text;
BEGIN
    SELECT c.oid::regclass AS name, n.nspname AS area, c.relowner::regrole AS owner, c.relreplident INTO parent
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = whole;
    leaf := format('%I.%I', parent.area, leaf_name);
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED
                    INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING INDEXES)', leaf, parent.name);
    EXECUTE format('CREATE UNIQUE INDEX %I ON %s (/* conjoined: tenant_id, */ stream_id, version)',
                   leaf_name || '_stream_id_version_idx', leaf);
    IF open_ended THEN
        PERFORM /* schema */mt_add_vouched(leaf::regclass);
    END IF;
    FOR target IN SELECT a.attname, a.attstattarget FROM pg_catalog.pg_attribute a
                   WHERE a.attrelid = parent.name AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget >= 0 LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', leaf, target.attname, target.attstattarget);
    END LOOP;
    EXECUTE format('ALTER TABLE %s OWNER TO %s', leaf, parent.owner);
    IF parent.relreplident IN ('f', 'n') THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', leaf,
                       CASE parent.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END);
    END IF;
    PERFORM /* schema */mt_close_table(leaf::regclass);
    RETURN leaf::regclass;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_leaf_of FROM PUBLIC;
