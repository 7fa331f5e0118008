-- Moves the oldest events (see mt_merge_into_head) of what has stayed of the run's partitions into the head, whose
-- bound moves up. left_over is false once that partition has gone.
CREATE OR REPLACE FUNCTION /* schema */mt_merge_retained(batch integer,
    OUT left_over boolean, OUT moved bigint, OUT held interval)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    run  /* schema */mt_retention_run;
    part record;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT * INTO run FROM /* schema */mt_retention_run r
     WHERE r.id = /* schema */mt_retention_current('swapped', 'dropped');
    SELECT p.lower_bound, p.upper_bound, h.upper_bound AS edge INTO part FROM /* schema */mt_partitions() p
      JOIN /* schema */mt_partitions() h ON h.kind = 'head'
     WHERE p.name = /* schema */mt_retained_name(run.leaves);
    left_over := coalesce(part.lower_bound = part.edge, false);
    IF left_over THEN
        SELECT m.moved, m.held, m.boundary < part.upper_bound INTO moved, held, left_over
          FROM /* schema */mt_merge_into_head(batch) m;
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_merge_retained FROM PUBLIC;
