-- The bounds that mt_record_stream_bounds has recorded for a stream; nulls when there are none. Runs as its owner:
-- whoever may read events need not know of that table.
CREATE OR REPLACE FUNCTION /* schema */mt_stream_bounds_of(
    /* conjoined: tenant varchar, */ stream /* stream identity */uuid, OUT earliest timestamptz, OUT latest timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $function$
BEGIN
    SELECT b.earliest, b.latest INTO earliest, latest FROM /* schema */mt_stream_bounds b
     WHERE b.stream_id = stream /* conjoined: AND b.tenant_id = tenant */;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_stream_bounds_of FROM PUBLIC;
