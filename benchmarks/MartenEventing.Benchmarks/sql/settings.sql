SELECT name, current_setting(name) FROM pg_settings
 WHERE name = ANY (ARRAY['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_level',
                         'shared_buffers', 'max_wal_size', 'autovacuum', 'jit', 'max_parallel_workers_per_gather',
                         'plan_cache_mode'])
 ORDER BY name
