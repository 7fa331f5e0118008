-- What a partitioned store keeps beside its partitions. What is there already stays. It belongs to the owner of the
-- store at once, whichever of its members is at work: the guard writes to it as the owner.
CREATE OR REPLACE FUNCTION /* schema */mt_create_bookkeeping() RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
BEGIN
    -- Times of a stream's events that lie outside the life its mt_streams row tells of, rounded outwards to UTC days.
    CREATE TABLE IF NOT EXISTS /* schema */mt_stream_bounds (
        /* conjoined: tenant_id varchar NOT NULL, */
        stream_id /* stream identity */uuid NOT NULL,
        earliest  timestamptz NOT NULL,
        latest    timestamptz NOT NULL,
        PRIMARY KEY (/* conjoined: tenant_id, */ stream_id)
    );

    -- Counts changes of what the partitions promise, so that a reader knows when to look at the catalogs again.
    CREATE SEQUENCE IF NOT EXISTS /* schema */mt_partition_epoch;

    -- Counts the events that came in past the guard since the store was checked: see mt_guard_replica.
    CREATE SEQUENCE IF NOT EXISTS /* schema */mt_guard_passed;
    PERFORM /* schema */mt_settle_owner();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_bookkeeping FROM PUBLIC;
