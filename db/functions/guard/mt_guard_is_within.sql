-- Whether an instant lies in the span of a note (seconds; empty: now). An expression, as README.md has it.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_is_within(earliest text, latest text, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $function$
    SELECT CASE WHEN earliest OPERATOR(pg_catalog.<>) ''
                THEN at OPERATOR(pg_catalog.>=) pg_catalog.to_timestamp(earliest::double precision)
                     AND at OPERATOR(pg_catalog.<=) pg_catalog.to_timestamp(latest::double precision)
                ELSE /* schema */mt_guard_is_present(at) END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_is_within FROM PUBLIC;
