-- Takes a stream in hand: its row lock until the end of the transaction. Returns the lowest version that is free with
-- all above it, and the span that bounded reads look at by the stream's row alone. The update changes nothing; it
-- locks, it makes a concurrent REPEATABLE READ writer fail instead of overlooking us, and it queues mt_guard_commit.
-- Versions below 1 are never taken for free: they are looked for.
DROP FUNCTION IF EXISTS /* schema */mt_guard_enter(text, /* conjoined: varchar, */ /* stream identity */uuid);
CREATE OR REPLACE FUNCTION /* schema */mt_guard_enter(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid,
    OUT free bigint, OUT earliest timestamptz, OUT latest timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    state text := set_config('mt_guard.next', '', true);
BEGIN
    UPDATE /* schema */mt_streams s SET type = s.type WHERE s.id = stream /* conjoined: AND s.tenant_id = tenant */
    RETURNING greatest(s.version, 0) + 1, s.created - interval '10 minutes', s.timestamp + interval '10 minutes'
         INTO free, earliest, latest;
    IF current_setting('mt_guard.next') <> '' THEN  -- a trigger on that row has written, too
        PERFORM /* schema */mt_guard_leave(current_setting('mt_guard.next'));
    END IF;
    IF free IS NULL AND EXISTS (SELECT FROM /* schema */mt_streams s
                                 WHERE s.id = stream /* conjoined: AND s.tenant_id = tenant */) THEN
        RAISE EXCEPTION 'a trigger on mt_streams suppresses the update that locks stream %', stream
            USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'mt_streams',
                  HINT = 'Events are guarded by an update of mt_streams that changes nothing: '
                         'let it pass in the trigger.';
    ELSIF free IS NULL THEN
        RAISE EXCEPTION
            'insert or update on table "mt_events" violates foreign key constraint "fkey_mt_events_stream_id%"',
            '' /* conjoined: || '_tenant_id' */
            USING ERRCODE = 'foreign_key_violation', TABLE = 'mt_events',
                  CONSTRAINT = 'fkey_mt_events_stream_id' /* conjoined: || '_tenant_id' */,
                  DETAIL = 'Key (' /* conjoined: || 'tenant_id, ' */ || 'stream_id)=('
                           /* conjoined: || tenant || ', ' */ || stream || ') is not present in table "mt_streams".';
    END IF;
    IF current_setting('mt_guard.unsettled', true) = 'on' THEN
        free := greatest(free, /* schema */mt_guard_highest(/* conjoined: tenant, */ stream) + 1);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_enter FROM PUBLIC;
