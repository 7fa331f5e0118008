-- Locks the rows of the streams that go whole, until the end of the transaction. One that somebody holds at this
-- moment, or has written to since it was chosen, is noted as changed. No hold can be placed meanwhile; those placed
-- since the streams were chosen are seen to. Nobody disables the guard meanwhile; what came in before, past the guard,
-- is seen now that the rows are locked: a stream with a later event lives on.
CREATE OR REPLACE FUNCTION /* schema */mt_lock_leaving(holds bigint[], batch boolean) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    run /* schema */mt_retention_run;
BEGIN
    SELECT * INTO run FROM /* schema */mt_retention_run r WHERE r.state NOT IN ('done', 'abandoned');
    PERFORM /* schema */mt_require_guard();
    LOCK TABLE /* schema */mt_legal_holds IN SHARE MODE;
    IF EXISTS (SELECT FROM /* schema */mt_legal_holds h WHERE h.lifted_at IS NULL AND h.id <> ALL (holds)) THEN
        PERFORM /* schema */mt_spare_held(batch);
    END IF;
    PERFORM /* schema */mt_spare_unpassed(batch);
    WITH locked AS MATERIALIZED (
        SELECT /* conjoined: s.tenant_id, */ s.id FROM /* schema */mt_streams s
          JOIN /* schema */mt_retention_streams x ON x.id = s.id /* conjoined: AND x.tenant_id = s.tenant_id */
         WHERE x.up_to IS NULL AND (x.leaf < 0 OR NOT batch) AND s.xmin::text = x.seen FOR UPDATE OF s SKIP LOCKED)
    INSERT INTO /* schema */mt_retention_changes
    SELECT /* conjoined: x.tenant_id, */ x.id FROM /* schema */mt_retention_streams x
     WHERE x.up_to IS NULL AND (x.leaf < 0 OR NOT batch) AND NOT EXISTS (
           SELECT FROM locked l WHERE l.id = x.id /* conjoined: AND l.tenant_id = x.tenant_id */);
    EXECUTE format('INSERT INTO /* schema */mt_retention_changes
        SELECT /* conjoined: x.tenant_id, */ x.id FROM /* schema */mt_retention_streams x
         WHERE x.up_to IS NULL AND (x.leaf < 0 OR NOT $2) AND EXISTS (
               SELECT FROM %s e
                WHERE e.stream_id = x.id /* conjoined: AND e.tenant_id = x.tenant_id */
                  AND e.timestamp >= $1)', /* schema */mt_range_table()) USING run.upper_bound, batch;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_lock_leaving FROM PUBLIC;
