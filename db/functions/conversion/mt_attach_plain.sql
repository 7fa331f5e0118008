-- The swap: the plain events table becomes the head of a partitioned one, in one short transaction and without a scan.
-- The head ends where mt_choose_cut says; periods follow up to periods_ahead after the current one, then the tail. So
-- from the commit on all time is covered. What it needs (indexes, validated CHECK, guard, settled streams) has been
-- prepared.
CREATE OR REPLACE FUNCTION /* schema */mt_attach_plain(
    period text, periods_ahead integer, at timestamptz, streams_first boolean)
RETURNS void LANGUAGE plpgsql SET client_min_messages = warning
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path FROM CURRENT AS $function$
DECLARE
    head     regclass := /* schema */mt_events_table();
    horizon  timestamptz := /* schema */mt_period_add(
        /* schema */mt_period_start(at, period), period, periods_ahead + 1);
    cut      timestamptz;
    last     timestamptz;
    found    jsonb;
    triggers text[];
    item     text;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    PERFORM /* schema */mt_lock_in_turn(/* schema */mt_conversion_tables(streams_first));
    cut := /* schema */mt_choose_cut(head, period, at);
    last := greatest(cut, horizon);
    found := /* schema */mt_describe_plain(head);
    triggers := /* schema */mt_take_triggers(head);
    PERFORM /* schema */mt_plain_becomes_head(head, found), /* schema */mt_create_whole(head, found);
    -- The tail first: those that follow are made like it.
    PERFORM /* schema */mt_attach_leaf(/* schema */mt_create_leaf('mt_events_tail', true, head), last, 'infinity');
    PERFORM /* schema */mt_attach_periods(cut, horizon, period);
    PERFORM /* schema */mt_scatter_events(head, cut);
    FOREACH item IN ARRAY triggers LOOP
        EXECUTE item;
    END LOOP;
    PERFORM /* schema */mt_install_guard();
    PERFORM /* schema */mt_attach_leaf(head, '-infinity', cut, true);
    PERFORM /* schema */mt_settle_rights();
    UPDATE /* schema */mt_conversion c SET state = 'attached', plain = found, changed = now()
     WHERE c.state = 'preparing';
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_attach_plain FROM PUBLIC;
