-- Makes partitions of a period from the tail's lower bound up to the horizon, cut from the tail in one short
-- transaction. A tail that already holds events of that time is absorbed first. Returns the names of the partitions
-- attached.
CREATE OR REPLACE FUNCTION /* schema */mt_cut_tail(period text, horizon timestamptz, at timestamptz DEFAULT now())
RETURNS SETOF text LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    tail     record;
    absorbed record;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT p.leaf::regclass, p.lower_bound INTO tail FROM /* schema */mt_partitions() p WHERE p.kind = 'tail';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'mt_events has no tail partition' USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'The layout is plain or foreign; marten-eventing db status shows it.';
    ELSIF tail.lower_bound >= horizon THEN
        RETURN;
    END IF;

    PERFORM brin_summarize_new_values(i.indexrelid)
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
       JOIN pg_catalog.pg_am a ON a.oid = c.relam
      WHERE i.indrelid = tail.leaf AND a.amname = 'brin';
    PERFORM /* schema */mt_detach_leaf(tail.leaf);
    SELECT * INTO absorbed FROM /* schema */mt_absorb_tail(tail.leaf, tail.lower_bound, horizon, period, at);
    IF absorbed.name IS NULL THEN
        PERFORM /* schema */mt_attach_leaf(tail.leaf, horizon, 'infinity');
    ELSE
        RETURN NEXT absorbed.name;
    END IF;
    RETURN QUERY SELECT /* schema */mt_attach_periods(absorbed.upper_bound, horizon, period);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_cut_tail FROM PUBLIC;
