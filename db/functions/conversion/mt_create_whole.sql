-- Makes the partitioned mt_events over what is now the head: columns, keys, indexes, CHECKs and all that people have
-- attached to the name. Part of mt_attach_plain, under its locks. Every index has its like in the head, so that
-- attaching builds none.
DROP FUNCTION IF EXISTS /* schema */mt_raise_parent(regclass, jsonb);
CREATE OR REPLACE FUNCTION /* schema */mt_create_whole(head regclass, plain jsonb) RETURNS void
LANGUAGE plpgsql SET default_tablespace = '' SET search_path FROM CURRENT AS $function$
DECLARE
    area   text := (SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                     WHERE c.oid = head);
    parent text := format('%I.mt_events', area);
    key    regclass := (SELECT i.indexrelid FROM pg_catalog.pg_index i WHERE i.indrelid = head AND i.indisprimary);
    item   record;
BEGIN
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE
                    INCLUDING COMPRESSION) PARTITION BY RANGE (timestamp)%s', parent, head,
                   /* schema */mt_table_storage(head, NULL));
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT pkey_mt_events_seq_id_timestamp PRIMARY KEY (seq_id, timestamp)%s',
                   parent, /* schema */mt_index_storage(key, 'USING INDEX TABLESPACE'));
    EXECUTE format('CREATE INDEX mt_events_timestamp_brin ON %s USING brin (timestamp)
                    WITH (pages_per_range = 32, autosummarize = on)', parent);
    FOR item IN SELECT i ->> 'definition' AS statement, i ->> 'tablespace' AS place
                  FROM jsonb_array_elements(plain -> 'indexes') i WHERE i ->> 'definition' IS NOT NULL LOOP
        PERFORM set_config('default_tablespace', coalesce(item.place, ''), true);
        EXECUTE item.statement;
    END LOOP;
    FOR item IN SELECT k.conname, pg_get_constraintdef(k.oid) AS definition FROM pg_catalog.pg_constraint k
                 WHERE k.conrelid = head AND k.contype = 'c' AND k.conname <> 'mt_vouched' LOOP
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', parent, item.conname, item.definition);
    END LOOP;
    PERFORM /* schema */mt_hand_over(head, parent::regclass);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_whole FROM PUBLIC;
