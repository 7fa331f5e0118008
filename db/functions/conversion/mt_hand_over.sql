-- Gives one table what people have attached to the name of another: owner, comment, replica identity, targets of
-- statistics, and what moves: grants, row security and the membership in publications.
CREATE OR REPLACE FUNCTION /* schema */mt_hand_over(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    given record;
    item  record;
BEGIN
    SELECT c.relowner::regrole AS owner, c.relreplident, obj_description(c.oid, 'pg_class') AS comment INTO given
      FROM pg_catalog.pg_class c WHERE c.oid = source;
    EXECUTE format('ALTER TABLE %s OWNER TO %s', target, given.owner);
    IF given.comment IS NOT NULL THEN
        EXECUTE format('COMMENT ON TABLE %s IS %L', target, given.comment);
    END IF;
    IF given.relreplident IN ('f', 'n') THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', target,
                       CASE given.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END);
    END IF;
    FOR item IN SELECT a.attname, a.attstattarget FROM pg_catalog.pg_attribute a
                 WHERE a.attrelid = source AND a.attnum > 0 AND a.attstattarget >= 0 AND NOT a.attisdropped LOOP
        EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %I SET STATISTICS %s',
                       target, item.attname, item.attstattarget);
    END LOOP;
    PERFORM /* schema */mt_move_grants(source, target), /* schema */mt_move_policies(source, target);
    FOR item IN SELECT p.pubname, pg_get_expr(r.prqual, r.prrelid) AS filter, (
                       SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
                        WHERE a.attrelid = source AND a.attnum = ANY (r.prattrs::smallint[])) AS columns
                  FROM pg_catalog.pg_publication_rel r
                  JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid WHERE r.prrelid = source LOOP
        EXECUTE format('ALTER PUBLICATION %I DROP TABLE %s', item.pubname, source);
        EXECUTE format('ALTER PUBLICATION %I ADD TABLE %s%s%s', item.pubname, target,
                       ' (' || item.columns || ')', ' WHERE (' || item.filter || ')');
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_hand_over FROM PUBLIC;
