using Npgsql;

namespace MartenEventing.Tests;

public static class LockWaiting
{
    /// <summary>Waits until a connection to this database waits for a lock that another one holds.</summary>
    public static Task SomebodyWaitsForALockAsync(this NpgsqlDataSource source) => Until.TrueAsync(() =>
        source.ScalarAsync<bool>(
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity a
                            WHERE a.datname = current_database() AND cardinality(pg_blocking_pids(a.pid)) > 0)
            """));
}
