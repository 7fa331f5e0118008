-- Makes mt_events_shadow, the partitioned table that is to become mt_events, with no partitions yet. Indexes of
-- people's own get working names, because the plain table still has theirs: see mt_swap_names.
DROP FUNCTION IF EXISTS /* schema */mt_raise_shadow(regclass);
CREATE OR REPLACE FUNCTION /* schema */mt_create_shadow_whole(events regclass) RETURNS regclass
LANGUAGE plpgsql SET default_tablespace = '' SET search_path FROM CURRENT AS $function$
DECLARE
    shadow regclass := /* schema */mt_create_partitioned(events, 'mt_events_shadow');
    area   name := (SELECT n.nspname FROM pg_catalog.pg_class c
                      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = events);
    item   record;
BEGIN
    FOR item IN SELECT i ->> 'name' AS name, i ->> 'definition' AS definition, i ->> 'tablespace' AS place
                  FROM jsonb_array_elements(/* schema */mt_describe_plain(events) -> 'indexes') i
                 WHERE i ->> 'definition' IS NOT NULL LOOP
        PERFORM set_config('default_tablespace', coalesce(item.place, ''), true);
        EXECUTE format('CREATE INDEX %I ON %s %s', 'mt_events_shadow_' || left(md5(item.name), 8), shadow,
                       substr(item.definition, 2 + length(
                           format('CREATE INDEX %I ON %I.mt_events', item.name, area))));
    END LOOP;
    PERFORM /* schema */mt_complete_like(events, shadow);
    RETURN shadow;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_shadow_whole FROM PUBLIC;
