-- Gives a table extended statistics like those of another, under names that begin with its own.
CREATE OR REPLACE FUNCTION /* schema */mt_copy_statistics(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    here  text := (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = source);
    there text := (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = target);
    item  record;
    name  text;
BEGIN
    FOR item IN SELECT s.id, CASE WHEN starts_with(s.name, here || '_') THEN substr(s.name, length(here) + 2)
                                  ELSE s.name END AS name
                  FROM /* schema */mt_statistics_of(source) s LOOP
        name := /* schema */mt_long_name(there, item.name);
        IF EXISTS (SELECT FROM pg_catalog.pg_statistic_ext x JOIN pg_catalog.pg_statistic_ext m
                       ON m.stxnamespace = x.stxnamespace WHERE m.oid = item.id AND x.stxname = name) THEN
            name := /* schema */mt_long_name(there, md5(item.name || target::oid));
        END IF;
        PERFORM /* schema */mt_create_statistics(item.id, target, name);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_copy_statistics FROM PUBLIC;
