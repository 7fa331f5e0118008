-- What ON DELETE CASCADE of the plain layout's foreign key does, and like it with the rights of the tables' owner.
-- The tags of those events go, too. Whoever vouches for the transaction removes the events itself, many streams at
-- once. Conjoined, the key does not cascade: a stream that has events is not let go.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_stream_delete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET row_security = off SET search_path FROM CURRENT AS $function$
DECLARE
    cascades constant boolean := /* conjoined: false; -- */ true;
    gone     bigint[];
BEGIN
    PERFORM /* schema */mt_guard_forget(current_setting('mt_guard.next', true));
    IF current_setting('mt_guard.unsettled', true) <> ''
       OR current_setting('mt_guard.next', true) <> pg_current_xact_id()::text THEN
        PERFORM /* schema */mt_guard_erase(/* schema */mt_guard_name(/* conjoined: OLD.tenant_id, */ OLD.id));
    END IF;
    IF current_setting('mt_guard.next', true) = pg_current_xact_id()::text THEN
        RETURN NULL;
    END IF;
    IF cascades THEN
        WITH d AS (DELETE FROM /* schema */mt_events e WHERE e.stream_id = OLD.id RETURNING e.seq_id)
        SELECT array_agg(d.seq_id) INTO gone FROM d;
        IF gone IS NOT NULL THEN
            PERFORM /* schema */mt_guard_forget_tags(gone);
        END IF;
    ELSE
        PERFORM /* schema */mt_guard_refuse(/* conjoined: OLD.tenant_id, */ OLD.id, NULL);
    END IF;
    DELETE FROM /* schema */mt_stream_bounds b
     WHERE b.stream_id = OLD.id /* conjoined: AND b.tenant_id = OLD.tenant_id */;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_stream_delete FROM PUBLIC;
