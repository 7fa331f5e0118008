-- The two copies of the events, both locked, exchange their names, and so do their indexes: those of the one that
-- steps aside get working names.
CREATE OR REPLACE FUNCTION /* schema */mt_swap_names(one regclass, other regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    area  text := (SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.oid = one);
    comes text := (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = other);
    aside text := CASE comes WHEN 'mt_events_shadow' THEN 'mt_events_plain' ELSE 'mt_events_shadow' END;
    item  record;
BEGIN
    FOR item IN SELECT c.oid::regclass AS here, c.relname AS name, left(md5(c.relname), 8) AS mark,
                       o.oid::regclass AS there
                  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                  JOIN pg_catalog.pg_index j ON j.indrelid = other
                  JOIN pg_catalog.pg_class o ON o.oid = j.indexrelid
                   AND o.relname = comes || '_' || left(md5(c.relname), 8)
                 WHERE i.indrelid = one AND NOT i.indisunique LOOP
        EXECUTE format('ALTER INDEX %s RENAME TO %I', item.here, aside || '_' || item.mark);
        EXECUTE format('ALTER INDEX %s RENAME TO %I', item.there, item.name);
    END LOOP;
    EXECUTE format('ALTER TABLE %I.mt_events RENAME TO %I', area, aside);
    EXECUTE format('ALTER TABLE %I.%I RENAME TO mt_events', area, comes);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_swap_names FROM PUBLIC;
