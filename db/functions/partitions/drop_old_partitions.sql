-- Removes the partitions that lie wholly before the last so many months (and the current one), oldest first; see
-- mt_expire_partition for what happens to streams that go on. Returns the names of those removed. For null or less
-- than one month everything is kept for ever. All in one transaction: in a busy store call it monthly, not after
-- years.
CREATE OR REPLACE FUNCTION /* schema */drop_old_partitions(months integer, at timestamptz DEFAULT now())
RETURNS SETOF text LANGUAGE plpgsql AS $function$
DECLARE
    floor timestamptz := /* schema */mt_period_add(/* schema */mt_period_start(at, 'month'), 'month', -months);
    item  record;
    head  regclass;
BEGIN
    IF months IS NULL OR months < 1 THEN
        RETURN;
    END IF;
    PERFORM /* schema */mt_become_maintainer();
    FOR item IN SELECT p.leaf::regclass, p.name, p.kind, p.upper_bound, p.detach_pending
                  FROM /* schema */mt_partitions() p WHERE p.upper_bound <= floor ORDER BY p.upper_bound LOOP
        IF item.kind = 'head' THEN
            head := item.leaf;
            CONTINUE;
        ELSIF item.kind = 'other' OR item.detach_pending OR head IS NULL THEN
            RAISE NOTICE '% is kept, and all after it: it is not a partition of ours next to the head', item.name;
            RETURN;
        END IF;
        EXIT WHEN NOT /* schema */mt_expire_partition(item.leaf, head, item.upper_bound, floor);
        RETURN NEXT item.name;
    END LOOP;
END
$function$;
