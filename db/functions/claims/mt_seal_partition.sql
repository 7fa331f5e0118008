-- Seals a partition: a claim on the range of its seq_id, so that reads by sequence leave it out at plan time. Any
-- insert unseals it. The claim is made under a short ACCESS EXCLUSIVE lock on the partition and counts once it has
-- been validated, which holds up nobody: ALTER TABLE <partition> VALIDATE CONSTRAINT mt_sealed.
CREATE OR REPLACE FUNCTION /* schema */mt_seal_partition(leaf_name text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    partition record;
    claim     text;
    seq       record;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT p.leaf::regclass, n.nspname AS area, c.relname AS name, c.relowner::regrole AS owner INTO partition
      FROM /* schema */mt_partitions() p JOIN pg_catalog.pg_class c ON c.oid = p.leaf
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE p.name = leaf_name AND p.kind NOT IN ('tail', 'other') AND NOT p.detach_pending;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'mt_events has no closed partition named "%"', leaf_name USING ERRCODE = 'undefined_table',
            HINT = 'SELECT name, kind FROM mt_partitions() lists them; the tail is never sealed.';
    END IF;
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', partition.leaf);
    PERFORM /* schema */mt_drop_claim(partition.leaf);
    EXECUTE format('SELECT coalesce(min(seq_id), 0) AS first, coalesce(max(seq_id), 0) AS last FROM %s', partition.leaf)
       INTO seq;

    claim := format('%I.%I', partition.area, partition.name || '_claim');
    EXECUTE format('CREATE SEQUENCE %s MINVALUE %s', claim, least(seq.last, 0));
    EXECUTE format('ALTER SEQUENCE %s OWNER TO %s', claim, partition.owner);
    EXECUTE format('ALTER SEQUENCE %s OWNED BY %s.seq_id', claim, partition.leaf);
    EXECUTE format('GRANT SELECT ON SEQUENCE %s TO PUBLIC', claim);
    PERFORM setval(claim, seq.last, true);
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT mt_sealed CHECK
                    (/* schema */mt_claim_withdrawn(%L::regclass, %s) OR seq_id >= %s AND seq_id <= %s) NOT VALID',
                   partition.leaf, claim, seq.last, seq.first, seq.last);
    EXECUTE format('CREATE TRIGGER mt_withdraw BEFORE INSERT OR UPDATE OF seq_id ON %s FOR EACH ROW
                    EXECUTE FUNCTION /* schema */mt_withdraw_claim()', partition.leaf);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER mt_withdraw', partition.leaf);
    PERFORM nextval(e.tableoid) FROM /* schema */mt_partition_epoch e;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_seal_partition FROM PUBLIC;
