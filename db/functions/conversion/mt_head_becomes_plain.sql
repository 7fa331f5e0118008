-- The head, detached and alone, takes back the name, keys and indexes of the plain table: part of mt_detach_plain,
-- under its locks. renamed: the names of its indexes as head, and what they were called on the parent.
CREATE OR REPLACE FUNCTION /* schema */mt_head_becomes_plain(head regclass, plain jsonb, renamed jsonb) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    area text := (SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.oid = head);
    key  record;
    item record;
BEGIN
    SELECT k.conname AS name, i.indisclustered AS marked, obj_description(i.indexrelid, 'pg_class') AS comment,
           obj_description(k.oid, 'pg_constraint') AS other INTO key
      FROM pg_catalog.pg_index i JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'p'
     WHERE i.indrelid = head;
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, DROP CONSTRAINT IF EXISTS mt_vouched', head, key.name);
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I PRIMARY KEY USING INDEX mt_events_conversion_seq',
                   head, plain ->> 'primary_key');
    PERFORM /* schema */mt_mark_key(head, key.marked, key.comment, key.other);
    FOR item IN SELECT * FROM jsonb_each_text(renamed) LOOP
        EXECUTE format('ALTER INDEX %I.%I RENAME TO %I', area, item.key, item.value);
    END LOOP;
    EXECUTE format('ALTER INDEX %I.mt_events_head_stream_id_version_idx RENAME TO pk_mt_events_stream_and_version',
                   area);
    EXECUTE format('DROP INDEX IF EXISTS %1$I.mt_events_head_timestamp_idx, %1$I.mt_events_conversion_time', area);
    EXECUTE format('ALTER TABLE %s ALTER COLUMN timestamp %s', head,
                   coalesce('SET DEFAULT ' || (plain ->> 'timestamp_default'), 'DROP DEFAULT'));
    EXECUTE format('ALTER TABLE %s RENAME TO mt_events', head);
    FOR item IN SELECT k ->> 'table' AS name, k ->> 'name' AS key, k ->> 'definition' AS definition,
                       k ->> 'comment' AS comment
                  FROM jsonb_array_elements(plain -> 'foreign_keys') k
                 WHERE k ->> 'table' = format('%I.mt_events', area) LOOP
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', item.name, item.key,
                       /* schema */mt_unchecked(item.definition));
        EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', item.key, item.name, item.comment);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_head_becomes_plain FROM PUBLIC;
