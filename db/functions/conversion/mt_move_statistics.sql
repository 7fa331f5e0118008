-- The extended statistics of one table are those of the other from now on, under their names. Likes that the other has
-- already get the names; what stays with the first gets working names.
CREATE OR REPLACE FUNCTION /* schema */mt_move_statistics(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    aside text := (SELECT CASE c.relname WHEN 'mt_events' THEN 'mt_events_shadow' ELSE c.relname END
                     FROM pg_catalog.pg_class c WHERE c.oid = source);
    item  record;
    twin  record;
BEGIN
    FOR item IN SELECT s.*, x.stxstattarget AS goal, obj_description(s.id, 'pg_statistic_ext') AS comment
                  FROM /* schema */mt_statistics_of(source) s JOIN pg_catalog.pg_statistic_ext x ON x.oid = s.id LOOP
        SELECT t.* INTO twin FROM /* schema */mt_statistics_of(target) t
         WHERE t.shape = item.shape AND t.area = item.area ORDER BY t.name = /* schema */mt_long_name(
               (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = target), item.name) DESC LIMIT 1;
        EXECUTE format('ALTER STATISTICS %I.%I RENAME TO %I', item.area, item.name,
                       /* schema */mt_long_name(aside, item.name));
        IF twin.id IS NULL THEN
            PERFORM /* schema */mt_create_statistics(item.id, target, item.name);
        ELSE
            EXECUTE format('ALTER STATISTICS %I.%I RENAME TO %I', twin.area, twin.name, item.name);
        END IF;
        EXECUTE format('ALTER STATISTICS %I.%I SET STATISTICS %s', item.area, item.name, coalesce(item.goal, -1));
        EXECUTE format('COMMENT ON STATISTICS %I.%I IS %L', item.area, item.name, item.comment);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_move_statistics FROM PUBLIC;
