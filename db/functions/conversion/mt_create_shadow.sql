-- Makes the tables of the partitioned copy beside the plain table, empty: mt_events_shadow with head, the periods from
-- the oldest event on (or from since; at most 240 up to the current one, what is older goes into the head),
-- periods_ahead after the current one, and tail. There already, they stay. Needs a B-tree on timestamp.
CREATE OR REPLACE FUNCTION /* schema */mt_create_shadow(
    period text, periods_ahead integer, since timestamptz, at timestamptz)
RETURNS void LANGUAGE plpgsql SET client_min_messages = warning SET enable_seqscan = off SET enable_sort = off
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path FROM CURRENT AS $function$
DECLARE
    events  regclass := /* schema */mt_events_table();
    present timestamptz := /* schema */mt_period_start(at, period);
    horizon timestamptz := /* schema */mt_period_add(present, period, periods_ahead + 1);
    bound   timestamptz;
    next    timestamptz;
    more    bigint := 2;
    shadow  regclass;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    IF /* schema */mt_other_events() IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM /* schema */mt_create_bookkeeping();
    EXECUTE format('SELECT timestamp FROM %s WHERE timestamp >= ''0001-01-01 00:00:00+00'' AND timestamp < $1
                     ORDER BY timestamp LIMIT 1', events) INTO bound USING present;
    bound := /* schema */mt_period_start(greatest(bound, since), period);
    bound := greatest(least(bound, present), /* schema */mt_period_add(present, period, -239));
    shadow := /* schema */mt_create_shadow_whole(events);
    next := bound;
    WHILE next < horizon LOOP
        more := more + 1;
        next := /* schema */mt_period_add(next, period, 1);
    END LOOP;
    PERFORM /* schema */mt_refuse_crowd(more, shadow);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (MINVALUE) TO (%L)', shadow,
                   /* schema */mt_create_leaf_of(shadow, 'mt_events_head', true, events), bound);
    WHILE bound < horizon LOOP
        next := /* schema */mt_period_add(bound, period, 1);
        EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', shadow,
                       /* schema */mt_create_leaf_of(
                           shadow, 'mt_events_' || /* schema */mt_period_suffix(bound, period), model => events),
                       bound, next);
        bound := next;
    END LOOP;
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (MAXVALUE)', shadow,
                   /* schema */mt_create_leaf_of(shadow, 'mt_events_tail', true, events), bound);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_shadow FROM PUBLIC;
