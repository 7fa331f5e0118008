-- At commit: mt_streams.version must not stay behind the events, because the next writer takes it for the highest
-- version. Marten's writers have moved it; for one that has not (raw SQL) it is moved here. Under SET CONSTRAINTS
-- IMMEDIATE this is called before the first row is noted (the state is empty): then it defers itself to the commit
-- again.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_commit() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    state   text;
    part    text[];
    highest bigint;
BEGIN
    IF current_setting('mt_guard.next', true) LIKE '%!%'
       AND substr(current_setting('mt_guard.next', true), strpos(current_setting('mt_guard.next', true), '!') + 1)
           = NEW.id::text THEN
        RETURN NULL;
    END IF;
    state := coalesce(current_setting('mt_guard.next', true), '');
    IF state = '' THEN
        SET CONSTRAINTS /* schema */mt_guard_commit DEFERRED;
        UPDATE /* schema */mt_streams s SET type = s.type WHERE s.id = NEW.id;
        RETURN NULL;
    END IF;
    part := regexp_match(state, '^([0-9]+)=(.*)$', 's');
    IF part[2] = NEW.id::text THEN
        highest := part[1]::bigint - 1;
        PERFORM set_config('mt_guard.next', 'none', true);
    ELSIF current_setting('mt_guard.unsettled', true) = 'on' THEN
        highest := (SELECT max(e.version) FROM /* schema */mt_events e WHERE e.stream_id = NEW.id);
    END IF;
    UPDATE /* schema */mt_streams s SET version = highest, timestamp = greatest(s.timestamp, now())
     WHERE s.id = NEW.id AND coalesce(s.version, 0) < highest;
    RETURN NULL;
END
$function$;
