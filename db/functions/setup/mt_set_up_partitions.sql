-- Makes a partitioned mt_events that has no partitions yet, whoever created it, into a working store: bounds, epoch,
-- guard, head and tail, the current period and periods_ahead more. What is there already stays as it is.
CREATE OR REPLACE FUNCTION /* schema */mt_set_up_partitions(period text, periods_ahead integer) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
BEGIN
    IF (SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.oid = /* schema */mt_events_table()) <> 'p' THEN
        RAISE EXCEPTION 'mt_events is a plain table' USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'marten-eventing db apply partitions a store that is empty, '
                   'marten-eventing convert one with events.';
    END IF;

    PERFORM /* schema */mt_create_bookkeeping();
    IF NOT /* schema */mt_settle_triggers() THEN
        PERFORM /* schema */mt_install_guard();
    END IF;
    IF /* schema */mt_by_tenant() THEN
        PERFORM /* schema */mt_set_up_tenants(period, periods_ahead);
    ELSIF NOT EXISTS (SELECT FROM /* schema */mt_partitions()) THEN
        -- Marten 9's default is a constant: the instant at which the table was made.
        ALTER TABLE /* schema */mt_events ALTER COLUMN timestamp SET DEFAULT now();
        PERFORM /* schema */mt_create_head_and_tail(period);
        PERFORM /* schema */mt_provision_partitions(period, periods_ahead);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_set_up_partitions FROM PUBLIC;
