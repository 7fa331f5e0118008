SELECT p.name FROM mt_partitions() p
 WHERE p.kind NOT IN ('head', 'tail', 'other') AND NOT p.is_sealed AND p.upper_bound <= now() - interval '7 days'
