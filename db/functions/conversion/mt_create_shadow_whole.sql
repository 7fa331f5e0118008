-- Makes mt_events_shadow, the partitioned table that is to become mt_events, with no partitions yet. Indexes of
-- people's own get working names, because the plain table still has theirs: see mt_swap_names.
DROP FUNCTION IF EXISTS /* schema */mt_raise_shadow(regclass);
CREATE OR REPLACE FUNCTION /* schema */mt_create_shadow_whole(events regclass) RETURNS regclass
LANGUAGE plpgsql SET default_tablespace = '' SET search_path FROM CURRENT AS $function$
DECLARE
    plain record;
    key   regclass := (SELECT i.indexrelid FROM pg_catalog.pg_index i WHERE i.indrelid = events AND i.indisprimary);
    name  text;
    item  record;
BEGIN
    SELECT n.nspname AS area, c.relowner::regrole AS owner, c.relreplident INTO plain
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = events;
    name := format('%I.mt_events_shadow', plain.area);
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE
                    INCLUDING COMPRESSION) PARTITION BY RANGE (timestamp)%s', name, events,
                   /* schema */mt_table_storage(events, NULL));
    EXECUTE format('ALTER TABLE %s ALTER COLUMN timestamp SET DEFAULT now(),
                    ADD CONSTRAINT pkey_mt_events_seq_id_timestamp PRIMARY KEY (seq_id, timestamp)%s', name,
                   /* schema */mt_index_storage(key, 'USING INDEX TABLESPACE'));
    EXECUTE format('CREATE INDEX mt_events_timestamp_brin ON %s USING brin (timestamp)
                    WITH (pages_per_range = 32, autosummarize = on)', name);
    FOR item IN SELECT i ->> 'name' AS name, i ->> 'definition' AS definition, i ->> 'tablespace' AS place
                  FROM jsonb_array_elements(/* schema */mt_describe_plain(events) -> 'indexes') i
                 WHERE i ->> 'definition' IS NOT NULL LOOP
        PERFORM set_config('default_tablespace', coalesce(item.place, ''), true);
        EXECUTE format('CREATE INDEX %I ON %s %s', 'mt_events_shadow_' || left(md5(item.name), 8), name,
                       substr(item.definition, 2 + length(
                           format('CREATE INDEX %I ON %I.mt_events', item.name, plain.area))));
    END LOOP;
    FOR item IN SELECT k.conname, pg_get_constraintdef(k.oid) AS definition FROM pg_catalog.pg_constraint k
                 WHERE k.conrelid = events AND k.contype = 'c' LOOP
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', name, item.conname, item.definition);
    END LOOP;
    PERFORM /* schema */mt_copy_tuning(events, name::regclass), /* schema */mt_copy_statistics(events, name::regclass);
    IF plain.relreplident IN ('f', 'n') THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', name,
                       CASE plain.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END);
    END IF;
    EXECUTE format('ALTER TABLE %s OWNER TO %s', name, plain.owner);
    PERFORM /* schema */mt_close_table(name::regclass);
    RETURN name::regclass;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_shadow_whole FROM PUBLIC;
