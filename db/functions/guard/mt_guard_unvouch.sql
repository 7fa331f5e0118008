-- Ends what mt_guard_vouch began: the next row looks its stream up again. An expression, so that it costs its caller no
-- call; all names are given in full.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_unvouch() RETURNS text
LANGUAGE sql AS $function$ SELECT pg_catalog.set_config('mt_guard.next', 'none', true) $function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_unvouch FROM PUBLIC;
