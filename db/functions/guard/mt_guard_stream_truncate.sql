-- Streams may be truncated together with their events only, as the plain layout's foreign key has it. A transaction
-- with a snapshot looks whether the partitions take up any room, because it need not see what is in them.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_stream_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET row_security = off SET search_path FROM CURRENT AS $function$
BEGIN
    IF EXISTS (SELECT FROM /* schema */mt_events) OR
       current_setting('transaction_isolation') IN ('repeatable read', 'serializable') AND
       EXISTS (SELECT FROM /* schema */mt_all_partitions() p WHERE pg_relation_size(p.leaf) > 0) THEN
        RAISE EXCEPTION 'cannot truncate mt_streams while mt_events holds events'
            USING ERRCODE = 'feature_not_supported',
                  HINT = 'Truncate both in one statement: TRUNCATE mt_events, mt_streams CASCADE.';
    END IF;
    TRUNCATE /* schema */mt_stream_bounds;
    PERFORM set_config('mt_guard.next', 'none', true), set_config('mt_guard.owed', '', true),
            (SELECT count(set_config('mt_guard.notes_' || n, '', true)) FROM generate_series(0, 1023) n
              WHERE current_setting('mt_guard.notes_' || n, true) <> '');
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_stream_truncate FROM PUBLIC;
