SELECT seq_id, stream_id, version, timestamp, data FROM mt_events WHERE timestamp >= $1 AND timestamp < $2 AND type = $3
