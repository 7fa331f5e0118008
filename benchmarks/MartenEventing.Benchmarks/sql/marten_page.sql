-- What the async daemon of Marten 9.29 sends for its next 500 events; line breaks are ours.
select d.data, d.type, d.mt_dotnet_type, d.bdata, d.seq_id, d.id, d.stream_id, d.version, d.timestamp, d.tenant_id,
       d.correlation_id, d.causation_id, d.headers, d.user_name, d.is_archived, s.type as stream_type
from public.mt_events as d inner join public.mt_streams as s on d.stream_id = s.id
where d.seq_id > $1 and d.seq_id <= $2 and d.is_archived = FALSE order by d.seq_id limit 500
