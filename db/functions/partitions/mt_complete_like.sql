-- Gives a table made LIKE another what LIKE leaves out: targets and extended statistics, owner, replica identity.
-- Nobody but the owner has rights on it.
CREATE OR REPLACE FUNCTION /* schema */mt_complete_like(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    given record;
BEGIN
    SELECT c.relowner::regrole AS owner, c.relreplident INTO given FROM pg_catalog.pg_class c WHERE c.oid = source;
    PERFORM /* schema */mt_copy_tuning(source, target), /* schema */mt_copy_statistics(source, target);
    EXECUTE format('ALTER TABLE %s OWNER TO %s', target, given.owner);
    IF given.relreplident IN ('f', 'n') THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', target,
                       CASE given.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END);
    END IF;
    PERFORM /* schema */mt_close_table(target);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_complete_like FROM PUBLIC;
