-- Makes extended statistics of a table after a model; of the same owner, for the same target.
CREATE OR REPLACE FUNCTION /* schema */mt_create_statistics(model oid, target regclass, new_name text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    given record;
    made  text;
BEGIN
    SELECT s.area, s.shape, x.stxowner AS owner, x.stxstattarget AS goal INTO STRICT given
      FROM pg_catalog.pg_statistic_ext x, /* schema */mt_statistics_of(x.stxrelid) s
     WHERE x.oid = model AND s.id = model;
    made := format('%I.%I', given.area, new_name);
    EXECUTE format('CREATE STATISTICS %s%s FROM %s', made, given.shape, target);
    IF given.goal >= 0 THEN
        EXECUTE format('ALTER STATISTICS %s SET STATISTICS %s', made, given.goal);
    END IF;
    IF given.owner <> (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) THEN
        EXECUTE format('ALTER STATISTICS %s OWNER TO %s', made, given.owner::regrole);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_statistics FROM PUBLIC;
