using MartenEventing.Events;
using Npgsql;

namespace MartenEventing.Tests.Events;

internal static class StoreDatabaseExtensions
{
    /// <summary>A data source as users have it: Npgsql keeps the details of errors to itself.</summary>
    public static NpgsqlDataSource WithoutErrorDetail(this StoreDatabase database) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(database.ConnectionString) { IncludeErrorDetail = false }.ConnectionString);

    /// <summary>A store that speaks for this tenant.</summary>
    public static PostgresEventStore StoreOf(this StoreDatabase database, string tenant) =>
        new(database.DataSource, new EventStoreOptions { TenantId = tenant });

    /// <summary>Waits until a query gives true.</summary>
    public static async Task WaitUntilAsync(this StoreDatabase database, string condition, params object[] parameters)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await database.ScalarAsync<bool>(condition, parameters))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>
    /// How often each partition was scanned. All that was done is counted once the connections are gone.
    /// </summary>
    public static async Task<List<string>> ScansAsync(this StoreDatabase database)
    {
        database.DataSource.Clear();
        await database.WaitUntilAsync(
            """
            SELECT count(*) = 1 FROM pg_stat_activity
             WHERE datname = current_database() AND backend_type = 'client backend'
            """);
        return await database.ColumnAsync<string>(
            """
            SELECT relname || ' ' || seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables
             WHERE relname LIKE 'mt\_events\_%'
            """);
    }

    /// <summary>Seals a partition as maintenance does.</summary>
    public static Task SealAsync(this StoreDatabase database, string partition) => database.ExecuteAsync(
        $"SELECT mt_seal_partition('{partition}'); ALTER TABLE {partition} VALIDATE CONSTRAINT mt_sealed");

    /// <summary>Appends to this month and the next three, one after the other, a stream each.</summary>
    public static async Task FillMonthsAsync(this StoreDatabase database, PostgresEventStore store, int perMonth)
    {
        for (var month = 0; month < 4; month++)
        {
            var start = new DateTimeOffset(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1, 0, 0, 0, TimeSpan.Zero)
                .AddMonths(month);
            await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any,
                [.. Enumerable.Range(0, perMonth).Select(minute => Parcel.ScannedAt(start.AddMinutes(minute)))]);
        }
    }
}
