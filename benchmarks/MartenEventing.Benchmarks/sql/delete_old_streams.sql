-- What one does on the plain table: the streams whose newest event is older than $1.
WITH gone AS (
    DELETE FROM mt_events e USING (
           SELECT stream_id FROM mt_events GROUP BY stream_id HAVING max(timestamp) < $1) d
     WHERE e.stream_id = d.stream_id RETURNING e.stream_id
)
SELECT array_agg(DISTINCT stream_id), count(*) FROM gone
