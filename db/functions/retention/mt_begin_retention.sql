-- Begins a run that removes these partitions, which lie next to the head in this order. From here on changes of their
-- events, and of the head's, are noted; the locks for that are short. Unwatched, they are locked against changes until
-- the transaction ends instead. floor: the instant before which the newest event of a stream must lie for the stream to
-- go, where no rule says otherwise. Without partitions the run removes whole streams from those that stay.
CREATE OR REPLACE FUNCTION /* schema */mt_begin_retention(
    leaf_names text[], floor timestamptz, rules jsonb DEFAULT '[]', cut boolean DEFAULT false,
    covered jsonb DEFAULT NULL, watched boolean DEFAULT true)
RETURNS bigint LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    edge timestamptz;
    item record;
    run  bigint;
BEGIN
    PERFORM /* schema */mt_become_maintainer();
    SELECT p.upper_bound INTO STRICT edge FROM /* schema */mt_partitions() p WHERE p.kind = 'head';
    INSERT INTO /* schema */mt_retention_run AS r (leaves, lower_bound, upper_bound, floor, rules, cut, covered, tenant)
    VALUES (leaf_names, edge, edge, mt_begin_retention.floor, mt_begin_retention.rules, mt_begin_retention.cut,
            mt_begin_retention.covered, /* schema */mt_retention_tenant()) RETURNING r.id INTO run;
    DELETE FROM /* schema */mt_retention_streams;
    DELETE FROM /* schema */mt_retention_changes;
    FOR item IN SELECT n.name, p.kind, p.lower_bound, p.upper_bound, p.detach_pending
                  FROM unnest(leaf_names) WITH ORDINALITY AS n (name, place)
                  LEFT JOIN /* schema */mt_partitions() p ON p.name = n.name ORDER BY n.place LOOP
        IF item.lower_bound IS DISTINCT FROM edge OR item.kind IN ('head', 'tail', 'other') OR item.detach_pending THEN
            RAISE EXCEPTION '"%" is not a partition of ours next to the head', item.name
                USING ERRCODE = 'invalid_parameter_value', HINT = 'SELECT * FROM mt_partitions() shows them.';
        END IF;
        edge := item.upper_bound;
    END LOOP;
    IF cardinality(leaf_names) = 0 THEN
        edge := greatest(mt_begin_retention.floor, (SELECT max((r ->> 'floor')::timestamptz)
                                                      FROM jsonb_array_elements(mt_begin_retention.rules) r));
    END IF;
    UPDATE /* schema */mt_retention_run r SET upper_bound = edge WHERE r.id = run;
    FOR item IN SELECT t.leaf FROM /* schema */mt_retention_tables(leaf_names, edge) t LOOP
        IF watched THEN
            EXECUTE format('CREATE OR REPLACE TRIGGER mt_note_change AFTER INSERT OR UPDATE OR DELETE ON %s
                            FOR EACH ROW EXECUTE FUNCTION /* schema */mt_note_change()', item.leaf);
            EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER mt_note_change', item.leaf);
        ELSE
            EXECUTE format('LOCK TABLE ONLY %s IN SHARE ROW EXCLUSIVE MODE', item.leaf);
        END IF;
    END LOOP;
    RETURN run;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_begin_retention FROM PUBLIC;
