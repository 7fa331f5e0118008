-- Copies the next events (at most batch) by seq_id that were written before both copies were. copied_to is null when
-- there are none left. The rows are locked, so that none is changed or deleted between being read and being copied;
-- whoever changes one waits for the batch, and then finds its copy. One that has come by the trigger is newer, and
-- stays.
CREATE OR REPLACE FUNCTION /* schema */mt_backfill_events(batch integer,
    OUT copied_to bigint, OUT seen bigint, OUT held interval)
LANGUAGE plpgsql SET enable_seqscan = off SET search_path FROM CURRENT AS $function$
DECLARE
    events  regclass := /* schema */mt_events_table();
    copy    regclass := /* schema */mt_other_events();
    started timestamptz := clock_timestamp();
    past    record;
    given   text;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT coalesce(c.copied_to, -9223372036854775808) AS seq, c.copy_until INTO past
      FROM /* schema */mt_conversion c WHERE c.state = 'backfilling';
    IF past.copy_until IS NULL THEN
        EXECUTE format('SELECT max(seq_id) FROM %s', events) INTO past.copy_until;
    END IF;
    EXECUTE format('SELECT max(seq_id), count(*) FROM (
                    SELECT seq_id FROM %s WHERE seq_id > $1 AND seq_id <= $2 ORDER BY seq_id LIMIT $3) e', events)
       INTO copied_to, seen USING past.seq, past.copy_until, batch;
    given := /* schema */mt_event_columns(copy);
    EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %2$s FROM %3$s WHERE seq_id > $1 AND seq_id <= $2 FOR SHARE
                        ON CONFLICT (seq_id, timestamp) DO NOTHING', copy, given, events)
      USING past.seq, copied_to;
    UPDATE /* schema */mt_conversion c
       SET copied_to = coalesce(mt_backfill_events.copied_to, c.copied_to), copy_until = past.copy_until,
           copied = c.copied + seen, changed = now()
     WHERE c.state = 'backfilling';
    held := clock_timestamp() - started;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_backfill_events FROM PUBLIC;
