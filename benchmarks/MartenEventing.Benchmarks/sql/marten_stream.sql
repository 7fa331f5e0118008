-- What Marten 9.29 sends for FetchStreamAsync and for live aggregation; line breaks are ours.
select data, type, mt_dotnet_type, bdata, seq_id, id, stream_id, version, timestamp, tenant_id, correlation_id,
       causation_id, headers, user_name, is_archived
from public.mt_events as d WHERE (d.is_archived = FALSE and d.stream_id = $1) ORDER BY d.seq_id
