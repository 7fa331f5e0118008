-- Makes a table cut by time after a plain one, with no partitions yet: columns, primary key, the index on time, CHECKs.
CREATE OR REPLACE FUNCTION /* schema */mt_create_partitioned(model regclass, new_name text) RETURNS regclass
LANGUAGE plpgsql SET default_tablespace = '' SET search_path FROM CURRENT AS $function$
DECLARE
    name text := (SELECT format('%I.%I', n.nspname, new_name) FROM pg_catalog.pg_class c
                    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = model);
    key  regclass := (SELECT i.indexrelid FROM pg_catalog.pg_index i WHERE i.indrelid = model AND i.indisprimary);
    item record;
BEGIN
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE
                    INCLUDING COMPRESSION) PARTITION BY RANGE (timestamp)%s', name, model,
                   /* schema */mt_table_storage(model, NULL));
    EXECUTE format('ALTER TABLE %s ALTER COLUMN timestamp SET DEFAULT now(),
                    ADD CONSTRAINT pkey_mt_events_seq_id_timestamp PRIMARY KEY (seq_id, timestamp)%s', name,
                   /* schema */mt_index_storage(key, 'USING INDEX TABLESPACE'));
    EXECUTE format('CREATE INDEX mt_events_timestamp_brin ON %s USING brin (timestamp)
                    WITH (pages_per_range = 32, autosummarize = on)', name);
    FOR item IN SELECT k.conname, pg_get_constraintdef(k.oid) AS definition FROM pg_catalog.pg_constraint k
                 WHERE k.conrelid = model AND k.contype = 'c' AND k.conname <> 'mt_vouched' LOOP
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', name, item.conname, item.definition);
    END LOOP;
    RETURN name::regclass;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_partitioned FROM PUBLIC;
