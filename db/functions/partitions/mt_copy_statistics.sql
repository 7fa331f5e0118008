-- Gives a table extended statistics like those of another, under names of its own.
CREATE OR REPLACE FUNCTION /* schema */mt_copy_statistics(source regclass, target regclass) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    prefix text := (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = target);
    item   record;
BEGIN
    FOR item IN SELECT * FROM /* schema */mt_statistics_of(source) LOOP
        PERFORM /* schema */mt_create_statistics(item.id, target, /* schema */mt_long_name(prefix, item.name));
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_copy_statistics FROM PUBLIC;
