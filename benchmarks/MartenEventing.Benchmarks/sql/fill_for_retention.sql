-- $1 events, evenly over the months [$2, $3), in streams of ten: one in fifty lives for eight months, the others for a
-- day.
WITH born AS (
    SELECT i, $2::timestamptz + i * (($3::timestamptz - $2::timestamptz) / ($1::integer / 10)) AS at,
           md5(i::text)::uuid AS id, CASE i % 50 WHEN 0 THEN interval '25 days' ELSE interval '2 hours' END AS step
      FROM generate_series(0, $1::integer / 10 - 1) i
), filled AS (
    INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
    SELECT nextval('mt_events_sequence'), md5(b.id::text || v)::uuid, b.id, v,
           jsonb_build_object('depot', 'Hamburg', 'note', repeat(md5(b.id::text), 5)), 'parcel_scanned',
           least(b.at + (v - 1) * b.step, $3::timestamptz - interval '1 second')
      FROM born b, generate_series(1, 10) v
    RETURNING stream_id, version, timestamp
)
INSERT INTO mt_streams (id, version, created, timestamp)
SELECT stream_id, max(version), min(timestamp), max(timestamp) FROM filled GROUP BY stream_id
