-- The trigger that keeps the plain table like the partitioned one after the switch: a text, because the columns are
-- not known here. A row that moves to another partition is deleted and inserted as triggers see it; in the plain table
-- it is updated, so that what refers to it stays. A seq_id given twice is refused as the plain table's primary key has
-- it.
CREATE OR REPLACE FUNCTION /* schema */mt_dual_write_back() RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN $body$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO <area>.mt_events_plain (<columns>)
        SELECT <columns> FROM <area>.mt_events WHERE seq_id = NEW.seq_id AND timestamp = NEW.timestamp
            ON CONFLICT (seq_id) DO UPDATE SET <assignments>
         WHERE NOT EXISTS (
               SELECT FROM <area>.mt_events e WHERE e.seq_id = NEW.seq_id AND e.timestamp <> NEW.timestamp);
        IF NOT FOUND AND EXISTS (
               SELECT FROM <area>.mt_events e WHERE e.seq_id = NEW.seq_id AND e.timestamp = NEW.timestamp) THEN
            RAISE EXCEPTION 'duplicate key value violates the primary key of "mt_events_plain"'
                USING ERRCODE = 'unique_violation', TABLE = 'mt_events',
                      DETAIL = 'Key (seq_id)=(' || NEW.seq_id || ') already exists.';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.seq_id <> NEW.seq_id THEN
        DELETE FROM <area>.mt_events_plain p WHERE p.seq_id = OLD.seq_id
           AND NOT EXISTS (SELECT FROM <area>.mt_events e WHERE e.seq_id = OLD.seq_id);
    END IF;
    RETURN NULL;
END
$body$;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_dual_write_back FROM PUBLIC;
