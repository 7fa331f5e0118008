-- The switch, to the partitioned copy and back: in one short transaction the two copies exchange their names, all that
-- people have attached to the name goes over, and dual write turns round. On the way back it ends, and so does the
-- guard. The copies have been compared before; here it is only seen that the plain one was not emptied since.
CREATE OR REPLACE FUNCTION /* schema */mt_switch_copies(forward boolean, streams_first boolean) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path FROM CURRENT AS $function$
DECLARE
    events   regclass := /* schema */mt_events_table();
    other    regclass := /* schema */mt_other_events();
    found    jsonb;
    triggers text[];
    item     text;
    lost     boolean;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    PERFORM /* schema */mt_lock_in_turn(/* schema */mt_shadow_tables(streams_first));
    IF forward <> (SELECT c.relkind = 'r' FROM pg_catalog.pg_class c WHERE c.oid = events) THEN
        RETURN;
    ELSIF forward AND NOT EXISTS (SELECT FROM /* schema */mt_conversion c WHERE c.state = 'verified') THEN
        RAISE EXCEPTION 'the copy of mt_events has not been compared with it'
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'marten-eventing convert start does that first.';
    ELSIF forward AND EXISTS (SELECT FROM /* schema */mt_shadow_differences()) THEN
        RAISE EXCEPTION 'mt_events and its copy have become unlike' USING ERRCODE = 'object_not_in_prerequisite_state';
    ELSIF NOT forward AND pg_relation_size(other) = 0 THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', events) INTO lost;
        IF lost THEN
            RAISE EXCEPTION 'mt_events_plain has been emptied alone' USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
    END IF;
    found := CASE WHEN forward THEN /* schema */mt_describe_plain(events) END;
    triggers := /* schema */mt_take_triggers(events);
    PERFORM /* schema */mt_remove_dual_write();
    PERFORM /* schema */mt_drop_guard(events);
    PERFORM /* schema */mt_swap_names(events, other), /* schema */mt_hand_over(events, other);
    IF forward THEN
        PERFORM /* schema */mt_install_guard(), /* schema */mt_install_dual_write();
        PERFORM nextval(e.tableoid) FROM /* schema */mt_partition_epoch e;
    ELSE
        PERFORM /* schema */mt_remove_guard();
    END IF;
    FOREACH item IN ARRAY triggers LOOP
        EXECUTE item;
    END LOOP;
    PERFORM /* schema */mt_settle_rights();
    UPDATE /* schema */mt_conversion c
       SET state = CASE WHEN forward THEN 'switched' ELSE 'returning' END, plain = coalesce(found, c.plain),
           changed = now()
     WHERE c.state = CASE WHEN forward THEN 'verified' ELSE 'switched' END;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_switch_copies FROM PUBLIC;
