-- Refuses (54000) to make so many partitions more of a table (what is cut by time, unless one is given) that one
-- statement over all would take more than a quarter of the server's locks: reads, and the way back to a plain table,
-- would end in 53200. Eight partitions a store may have on any server.
CREATE OR REPLACE FUNCTION /* schema */mt_refuse_crowd(more bigint, whole regclass DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    space record;
BEGIN
    SELECT * INTO space FROM /* schema */mt_lock_space(coalesce(whole, /* schema */mt_range_table()));
    IF space.leaves + more > 8 AND space.needed + more * space.per_leaf > space.room / 4 THEN
        RAISE EXCEPTION 'with % partitions more than its %, one statement over all of mt_events would take % of the % '
                        'locks that the server has, more than a quarter',
              more, space.leaves, space.needed + more * space.per_leaf, space.room
            USING ERRCODE = 'program_limit_exceeded', TABLE = 'mt_events', CONSTRAINT = 'mt_lock_space',
                  HINT = format('Roll old partitions up (marten-eventing partitions roll-up), choose a longer period '
                                'or fewer of them, or raise max_locks_per_transaction (now %s) and restart the server.',
                                current_setting('max_locks_per_transaction'));
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_refuse_crowd FROM PUBLIC;
