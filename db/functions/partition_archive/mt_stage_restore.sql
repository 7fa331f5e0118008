-- Makes the tables that a partition archive is loaded into before its events are brought back: one shaped like a
-- partition of [lower_bound, upper_bound), and one shaped like each table of others. Not named mt_events..., so that
-- nobody takes the loading for appending.
CREATE OR REPLACE FUNCTION /* schema */mt_stage_restore(
    stage text, lower_bound timestamptz, upper_bound timestamptz, others text[])
RETURNS void LANGUAGE plpgsql SET timezone = 'UTC' SET datestyle = 'ISO' SET search_path FROM CURRENT AS $function$
DECLARE
    leaf  regclass := /* schema */mt_create_leaf(stage);
    area  text := (SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.oid = leaf);
BEGIN
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT mt_restoring CHECK (
                    timestamp >= %L AND (timestamp < %L OR %L = timestamptz ''infinity''))',
                   leaf, lower_bound, upper_bound, upper_bound);
    FOR i IN 1 .. cardinality(others) LOOP
        EXECUTE format('CREATE TABLE %I.%I (LIKE %I.%I INCLUDING DEFAULTS INCLUDING GENERATED)',
                       area, stage || '_' || i, area, others[i]);
        PERFORM /* schema */mt_close_table(format('%I.%I', area, stage || '_' || i)::regclass);
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_stage_restore FROM PUBLIC;
