-- Seals a partition: a claim on the range of its seq_id, so that reads by sequence leave it out at plan time. Any insert
-- unseals it. The constraint is made under a short ACCESS EXCLUSIVE lock and stands once it has been validated:
-- ALTER TABLE <partition> VALIDATE CONSTRAINT mt_sealed, which holds up nobody.
CREATE OR REPLACE FUNCTION /* schema */mt_seal_partition(leaf_name text) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    partition record;
    claim     regclass;
    seq       record;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT p.leaf::regclass, p.kind INTO partition FROM /* schema */mt_partitions() p WHERE p.name = leaf_name;
    IF NOT FOUND OR partition.kind IN ('tail', 'other') THEN
        RAISE EXCEPTION 'mt_events has no closed partition named "%"', leaf_name USING ERRCODE = 'undefined_table';
    END IF;
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', partition.leaf);
    claim := /* schema */mt_open_claim(partition.leaf);
    EXECUTE format('SELECT coalesce(min(seq_id), 0) AS first, coalesce(max(seq_id), 0) AS last FROM %s', partition.leaf) INTO seq;
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT mt_sealed CHECK
                    (/* schema */mt_claim_withdrawn(%L::regclass) OR seq_id >= %s AND seq_id <= %s) NOT VALID',
                   partition.leaf, claim, seq.first, seq.last);
    EXECUTE format('CREATE TRIGGER mt_withdraw BEFORE INSERT ON %s FOR EACH ROW
                    EXECUTE FUNCTION /* schema */mt_withdraw_claim()', partition.leaf);
    PERFORM nextval(e.tableoid) FROM /* schema */mt_partition_epoch e;
END
$function$;
