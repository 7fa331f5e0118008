-- Attaches one new partition for each period of [from_start, to_start). Returns their names.
CREATE OR REPLACE FUNCTION /* schema */mt_attach_periods(from_start timestamptz, to_start timestamptz, period text)
RETURNS SETOF text LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    made record;
BEGIN
    FOR made IN SELECT * FROM /* schema */mt_create_periods(from_start, to_start, period) LOOP
        PERFORM /* schema */mt_attach_leaf(made.leaf, made.lower_bound, made.upper_bound);
        RETURN NEXT made.name;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_attach_periods FROM PUBLIC;
