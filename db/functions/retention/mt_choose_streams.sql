-- Chooses the streams that go with the run's partitions: those with an event in one of them or in the head, none later,
-- and which no rule and no hold keeps. The events decide, not what mt_streams or recorded bounds tell of them; events
-- without a stream's row stay (db check --repair makes the row), and so do rows of streams without events. Under cut:
-- those with events in these partitions and nowhere else; the others lose what lies there and live on. Locks nothing
-- that others need. Returns how many there are.
CREATE OR REPLACE FUNCTION /* schema */mt_choose_streams() RETURNS bigint
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    run    /* schema */mt_retention_run;
    source text;
BEGIN
    SELECT * INTO run FROM /* schema */mt_retention_run r
     WHERE r.id = /* schema */mt_retention_current('begun', 'chosen');
    source := (SELECT string_agg(format('SELECT /* conjoined: tenant_id, */ stream_id, %s AS place FROM %s',
                                        t.place, t.leaf), ' UNION ALL ')
                 FROM /* schema */mt_retention_tables(run.leaves, run.upper_bound) t
                WHERE t.place > 0 OR NOT run.cut);
    DELETE FROM /* schema */mt_retention_streams;
    EXECUTE format('INSERT INTO /* schema */mt_retention_streams (/* conjoined: tenant_id, */ id, seen, leaf)
        SELECT /* conjoined: s.tenant_id, */ s.id, s.xmin::text, f.place
          FROM (SELECT /* conjoined: tenant_id, */ stream_id, max(place) AS place FROM (%1$s) e
                 GROUP BY /* conjoined: tenant_id, */ stream_id) f
          JOIN /* schema */mt_streams s ON s.id = f.stream_id /* conjoined: AND s.tenant_id = f.tenant_id */
         WHERE NOT EXISTS (
                       SELECT FROM %2$s e
                        WHERE e.stream_id = f.stream_id /* conjoined: AND e.tenant_id = f.tenant_id */
                          AND e.timestamp >= $1)
           AND NOT ($2 AND EXISTS (
                       SELECT FROM %2$s e
                        WHERE e.stream_id = s.id /* conjoined: AND e.tenant_id = s.tenant_id */
                          AND e.timestamp < $3))', source, /* schema */mt_range_table())
      USING run.upper_bound, run.cut, run.lower_bound;
    UPDATE /* schema */mt_retention_run r
       SET holds = ARRAY(SELECT h.id FROM /* schema */mt_legal_holds h WHERE h.lifted_at IS NULL)
     WHERE r.id = run.id;
    IF NOT run.cut THEN
        PERFORM /* schema */mt_spare_by_rules(run.id), /* schema */mt_catch_up();
        IF run.covered IS NOT NULL AND cardinality(run.leaves) > 0 THEN
            PERFORM /* schema */mt_choose_covered(run.id);
        END IF;
        PERFORM /* schema */mt_spare_held(), /* schema */mt_spare_unpassed(), /* schema */mt_catch_up();
    END IF;
    UPDATE /* schema */mt_retention_run r SET state = 'chosen', changed = clock_timestamp() WHERE r.id = run.id;
    RETURN (SELECT count(*) FROM /* schema */mt_retention_streams);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_choose_streams FROM PUBLIC;
