-- Attaches a table as the partition of [lower_bound, upper_bound); infinite bounds are open. Vouched for, its rows are
-- not scanned again (see mt_vouched).
CREATE OR REPLACE FUNCTION /* schema */mt_attach_leaf(
    leaf regclass, lower_bound timestamptz, upper_bound timestamptz, vouched boolean DEFAULT false)
RETURNS void LANGUAGE plpgsql SET timezone = 'UTC' SET datestyle = 'ISO' SET search_path FROM CURRENT AS $function$
BEGIN
    IF vouched THEN
        PERFORM set_config('mt_vouched.from', lower_bound::text, true),
                set_config('mt_vouched.to', upper_bound::text, true);
    END IF;
    PERFORM /* schema */mt_add_statement_trigger(leaf);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)',
        /* schema */mt_range_table(), leaf,
        CASE lower_bound WHEN '-infinity' THEN 'MINVALUE' ELSE quote_literal(lower_bound) END,
        CASE upper_bound WHEN 'infinity' THEN 'MAXVALUE' ELSE quote_literal(upper_bound) END);
    PERFORM set_config('mt_vouched.from', '', true), set_config('mt_vouched.to', '', true);
    PERFORM nextval(e.tableoid) FROM /* schema */mt_partition_epoch e;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_attach_leaf FROM PUBLIC;
