-- The trigger that keeps the partitioned copy like the plain table: a text, because the columns are not known here.
-- What it writes it reads from the table, not from NEW: a trigger of somebody's own may have changed the row again
-- since. Under REPEATABLE READ a copy made by the backfill since the snapshot was taken cannot be seen to be deleted;
-- to insert it once more finds out, and fails with 40001, as any other change since the snapshot makes a writer fail.
CREATE OR REPLACE FUNCTION /* schema */mt_dual_write_forward() RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN $body$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.seq_id, OLD.timestamp) <> (NEW.seq_id, NEW.timestamp) THEN
        DELETE FROM <area>.mt_events_shadow s WHERE s.seq_id = OLD.seq_id AND s.timestamp = OLD.timestamp
           AND NOT EXISTS (SELECT FROM <area>.mt_events e WHERE e.seq_id = OLD.seq_id AND e.timestamp = OLD.timestamp);
        IF NOT FOUND AND current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
            INSERT INTO <area>.mt_events_shadow (<columns>) VALUES (<old>) ON CONFLICT DO NOTHING;
            DELETE FROM <area>.mt_events_shadow s WHERE s.seq_id = OLD.seq_id AND s.timestamp = OLD.timestamp
               AND NOT EXISTS (
                   SELECT FROM <area>.mt_events e WHERE e.seq_id = OLD.seq_id AND e.timestamp = OLD.timestamp);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO <area>.mt_events_shadow (<columns>)
        SELECT <columns> FROM <area>.mt_events WHERE seq_id = NEW.seq_id
            ON CONFLICT (seq_id, timestamp) DO UPDATE SET <assignments>;
    END IF;
    RETURN NULL;
END
$body$;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_dual_write_forward FROM PUBLIC;
