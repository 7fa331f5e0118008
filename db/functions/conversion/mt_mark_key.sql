-- Gives the primary key of a table what the one had whose place it takes: the mark of CLUSTER, the comments on its
-- index and on the constraint.
CREATE OR REPLACE FUNCTION /* schema */mt_mark_key(owner regclass, marked boolean, of_index text, of_constraint text)
RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    key record;
BEGIN
    SELECT k.conname AS name, k.conindid::regclass AS index INTO STRICT key
      FROM pg_catalog.pg_constraint k WHERE k.conrelid = owner AND k.contype = 'p';
    IF marked THEN
        EXECUTE format('ALTER TABLE %s CLUSTER ON %I', owner, key.name);
    END IF;
    IF of_index IS NOT NULL THEN
        EXECUTE format('COMMENT ON INDEX %s IS %L', key.index, of_index);
    END IF;
    IF of_constraint IS NOT NULL THEN
        EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', key.name, owner, of_constraint);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_mark_key FROM PUBLIC;
