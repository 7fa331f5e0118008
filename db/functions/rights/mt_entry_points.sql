-- The functions that others than the owner call, and what they must be allowed to do with mt_events for it; hold: for
-- whoever was given legal holds to look after. All run with the caller's rights but for those of holds, those that tell
-- readers of the store's bookkeeping (epoch, last sequence, bounds of a stream), and mt_record_stream_bounds, which
-- tells of a stream what an append could tell as well. What is not named here only the owner may call.
CREATE OR REPLACE FUNCTION /* schema */mt_entry_points() RETURNS TABLE (needs text, entry text)
LANGUAGE plpgsql IMMUTABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    SELECT 'SELECT', unnest(ARRAY[
        'mt_all_partitions', 'mt_by_tenant', 'mt_claim_of', 'mt_current_epoch', 'mt_events_table', 'mt_holds_tenant',
        'mt_last_sequence', 'mt_leaf_prefix', 'mt_lock_room', 'mt_lock_space', 'mt_maintenance_lock', 'mt_partitions',
        'mt_partitions_of',
        'mt_period_add', 'mt_period_of_tenants', 'mt_period_start', 'mt_period_suffix', 'mt_projection_progress',
        'mt_range_table', 'mt_rebuild_lock', 'mt_recent_activity', 'mt_store_period', 'mt_stream_bounds_of',
        'mt_tenant_in_hand', 'mt_tenant_name', 'mt_tenant_table', 'mt_tenants', 'mt_use_tenant'])
     UNION ALL
    SELECT 'INSERT', unnest(ARRAY[
        'mt_advance_stream', 'mt_append_events', 'mt_append_to_stream', 'mt_draw_sequences', 'mt_events_table',
        'mt_guard_escaped', 'mt_guard_forget', 'mt_guard_is', 'mt_guard_key', 'mt_guard_leave', 'mt_guard_owe',
        'mt_guard_place', 'mt_guard_state', 'mt_guard_unvouch', 'mt_guard_vouch',
        'mt_record_stray_times', 'mt_record_stream_bounds', 'mt_reserve_streams'])
     UNION ALL
    SELECT 'hold', unnest(ARRAY['mt_lift_hold', 'mt_place_hold']);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_entry_points FROM PUBLIC;
