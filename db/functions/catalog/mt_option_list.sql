-- Options as the catalogs keep them, as they are written in a statement.
CREATE OR REPLACE FUNCTION /* schema */mt_option_list(options text[], prefix text DEFAULT '') RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT string_agg(format('%s%s = %L', prefix, split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), ', ')
              FROM unnest(options) o);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_option_list FROM PUBLIC;
