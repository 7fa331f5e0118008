-- Who truncates mt_events truncates its other copy, and tags with it, as the foreign keys of the plain table have it.
-- A TRUNCATE that has reached the other copy by a foreign key already has left it without any room.
CREATE OR REPLACE FUNCTION /* schema */mt_dual_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $function$
DECLARE
    other regclass := /* schema */mt_other_events();
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_class c
                WHERE (c.oid = other OR c.oid IN (SELECT i.inhrelid FROM pg_catalog.pg_inherits i
                                                   WHERE i.inhparent = other))
                  AND pg_relation_size(c.oid) > 0) THEN
        EXECUTE format('TRUNCATE %s CASCADE', other);
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_dual_truncate FROM PUBLIC;
