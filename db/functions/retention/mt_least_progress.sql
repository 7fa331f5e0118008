-- The sequence that all projections and subscriptions have come to; null when there is none. Marten's notes about the
-- sequence itself are no projections.
CREATE OR REPLACE FUNCTION /* schema */mt_least_progress() RETURNS bigint LANGUAGE plpgsql STABLE AS $function$
BEGIN
    RETURN (SELECT min(coalesce(p.last_seq_id, 0)) FROM /* schema */mt_event_progression p
             WHERE p.name NOT IN ('HighWaterMark', 'HighWaterAllocationFence', 'HighWaterStuckGap'));
END
$function$;
