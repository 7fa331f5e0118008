-- Partitions whose claim on their sequences is not true, or whose trigger that withdraws it is not there; a claim that
-- was withdrawn, or is still to be validated, is no fault. The claim is not believed while it is looked at: min and max
-- come from the index.
CREATE OR REPLACE FUNCTION /* schema */mt_seals_to_mend() RETURNS TABLE (tenant text, leaf_name text, told text)
LANGUAGE plpgsql STABLE SET constraint_exclusion = off SET row_security = off SET search_path FROM CURRENT AS $function$
DECLARE
    item record;
    held record;
BEGIN
    FOR item IN SELECT p.*, p.leaf::regclass AS relation FROM /* schema */mt_all_partitions() p
                 WHERE p.seal IN ('sealed', 'claimed') LOOP
        EXECUTE format('SELECT min(seq_id) AS first, max(seq_id) AS last FROM %s', item.relation) INTO held;
        IF held.first < item.first_seq OR held.last > item.last_seq THEN
            RETURN QUERY SELECT item.tenant, item.name, format('it claims %s to %s and holds %s to %s',
                                                               item.first_seq, item.last_seq, held.first, held.last);
        ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_trigger t
                           WHERE t.tgrelid = item.leaf AND t.tgname = 'mt_withdraw') THEN
            RETURN QUERY SELECT item.tenant, item.name, 'nothing withdraws its claim when a row comes';
        END IF;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_seals_to_mend FROM PUBLIC;
