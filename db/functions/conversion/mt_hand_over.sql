-- Gives one table what people have attached to the name of another: owner, comments, replica identity, targets of
-- statistics, and what moves: sequences, extended statistics, grants, row security and the membership in publications.
CREATE OR REPLACE FUNCTION /* schema */mt_hand_over(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    given record;
    item  record;
BEGIN
    SELECT c.relowner::regrole AS owner, c.relreplident, t.relreplident AS had INTO given
      FROM pg_catalog.pg_class c, pg_catalog.pg_class t WHERE c.oid = source AND t.oid = target;
    EXECUTE format('ALTER TABLE %s OWNER TO %s', target, given.owner);
    IF given.relreplident <> given.had AND given.relreplident <> 'i' THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', target,
                       CASE given.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' ELSE 'DEFAULT' END);
    END IF;
    PERFORM /* schema */mt_copy_comments(source, target), /* schema */mt_copy_tuning(source, target),
            /* schema */mt_move_statistics(source, target);
    FOR item IN SELECT d.objid::regclass AS name, a.attname FROM pg_catalog.pg_depend d
                  JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = source AND a.attnum = d.refobjsubid
                 WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
                   AND d.refobjid = source AND d.deptype = 'a' AND s.relname !~ '^mt_events_.*_claim$' LOOP
        EXECUTE format('ALTER SEQUENCE %s OWNED BY %s.%I', item.name, target, item.attname);
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
