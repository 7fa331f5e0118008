-- Puts up the triggers that write every change of mt_events, by whomever, to the other copy in the same transaction.
-- The function is made for the columns there are, and for the direction.
CREATE OR REPLACE FUNCTION /* schema */mt_install_dual_write() RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    events  regclass := /* schema */mt_events_table();
    forward boolean := (SELECT c.relkind = 'r' FROM pg_catalog.pg_class c WHERE c.oid = events);
    area    text := (SELECT quote_ident(n.nspname) FROM pg_catalog.pg_class c
                       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = events);
    item    record;
BEGIN
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns,
           string_agg('OLD.' || quote_ident(a.attname), ', ' ORDER BY a.attnum) AS old,
           string_agg(format('%1$I = excluded.%1$I', a.attname), ', ' ORDER BY a.attnum)
               FILTER (WHERE a.attname <> 'seq_id' AND NOT (forward AND a.attname = 'timestamp')) AS assignments
      INTO item FROM pg_catalog.pg_attribute a
     WHERE a.attrelid = events AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
    EXECUTE format('CREATE OR REPLACE FUNCTION %s.mt_dual_write() RETURNS trigger LANGUAGE plpgsql
                    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS %L', area,
                   replace(replace(replace(replace(
                       CASE WHEN forward THEN /* schema */mt_dual_write_forward()
                            ELSE /* schema */mt_dual_write_back() END,
                       '<area>', area), '<columns>', item.columns), '<old>', item.old),
                       '<assignments>', item.assignments));
    EXECUTE format('REVOKE ALL ON FUNCTION %s.mt_dual_write() FROM PUBLIC', area);
    PERFORM /* schema */mt_settle_owner();
    EXECUTE format('CREATE TRIGGER mt_dual_write AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW
                    EXECUTE FUNCTION %s.mt_dual_write()', events, area);
    EXECUTE format('CREATE TRIGGER mt_dual_truncate AFTER TRUNCATE ON %s FOR EACH STATEMENT
                    EXECUTE FUNCTION %s.mt_dual_truncate()', events, area);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER mt_dual_write, ENABLE ALWAYS TRIGGER mt_dual_truncate',
                   events);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_install_dual_write FROM PUBLIC;
