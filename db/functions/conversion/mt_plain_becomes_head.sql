-- The plain events table gives up its name and its keys for those of a head: part of mt_attach_plain, under its locks.
CREATE OR REPLACE FUNCTION /* schema */mt_plain_becomes_head(events regclass, plain jsonb) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    area text := (SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.oid = events);
    key  record;
    item jsonb;
BEGIN
    SELECT i.indisclustered AS marked, obj_description(i.indexrelid, 'pg_class') AS comment,
           obj_description(k.oid, 'pg_constraint') AS other INTO key
      FROM pg_catalog.pg_index i JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'p'
     WHERE i.indrelid = events;
    FOR item IN SELECT * FROM jsonb_array_elements(plain -> 'foreign_keys') LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', item ->> 'table', item ->> 'name');
    END LOOP;
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', events, plain ->> 'primary_key');
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT mt_events_head_pkey PRIMARY KEY USING INDEX mt_events_conversion_key',
                   events);
    PERFORM /* schema */mt_mark_key(events, key.marked, key.comment, key.other);
    FOR item IN SELECT * FROM jsonb_array_elements(plain -> 'indexes') LOOP
        EXECUTE format('ALTER INDEX %I.%I RENAME TO %I', area, item ->> 'name', item ->> 'in_head');
    END LOOP;
    EXECUTE format('ALTER INDEX %I.mt_events_conversion_brin RENAME TO mt_events_head_timestamp_idx', area);
    PERFORM /* schema */mt_drop_guard(events);
    EXECUTE format('ALTER TABLE %s ALTER COLUMN timestamp SET DEFAULT now()', events);
    EXECUTE format('ALTER TABLE %s RENAME TO mt_events_head', events);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_plain_becomes_head FROM PUBLIC;
