SELECT version, sequences
  FROM mt_append_to_stream($1, $2, NULL, $3, $4, $5, $6, $7, NULL, NULL, NULL, NULL, $8)
