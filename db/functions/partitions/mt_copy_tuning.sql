-- Gives a table what is set on the columns and indexes of another: targets of statistics and numbers of
-- distinct values.
CREATE OR REPLACE FUNCTION /* schema */mt_copy_tuning(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    item record;
BEGIN
    FOR item IN SELECT s.attname AS name, coalesce(s.attstattarget, -1) AS goal, coalesce(t.attstattarget, -1) AS had,
                       s.attoptions AS options, t.attoptions AS others
                  FROM pg_catalog.pg_attribute s
                  JOIN pg_catalog.pg_attribute t ON t.attrelid = target AND t.attname = s.attname AND t.attnum > 0
                 WHERE s.attrelid = source AND s.attnum > 0
                   AND NOT s.attisdropped AND NOT t.attisdropped LOOP
        IF item.goal <> item.had THEN
            EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %I SET STATISTICS %s', target, item.name, item.goal);
        END IF;
        IF item.others IS NOT NULL AND item.others IS DISTINCT FROM item.options THEN
            EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %I RESET (%s)', target, item.name,
                           (SELECT string_agg(split_part(o, '=', 1), ', ') FROM unnest(item.others) o));
        END IF;
        IF item.options IS NOT NULL AND item.options IS DISTINCT FROM item.others THEN
            EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %I SET (%s)', target, item.name,
                           /* schema */mt_option_list(item.options));
        END IF;
    END LOOP;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indexrelid
                    WHERE i.indrelid = source AND a.attstattarget >= 0) THEN
        RETURN;
    END IF;
    FOR item IN SELECT l.of_target AS name, a.attnum AS place, a.attstattarget AS goal
                  FROM /* schema */mt_like_indexes(source, target) l
                  JOIN pg_catalog.pg_attribute a ON a.attrelid = l.of_source AND a.attstattarget >= 0 LOOP
        EXECUTE format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', item.name, item.place, item.goal);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_copy_tuning FROM PUBLIC;
