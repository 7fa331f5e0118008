using MartenEventing.Tests.Postgres;
using Npgsql;

namespace MartenEventing.Tests.Events;

internal static class StoreDatabaseExtensions
{
    /// <summary>A data source as users have it: Npgsql keeps the details of errors to itself.</summary>
    public static NpgsqlDataSource WithoutErrorDetail(this StoreDatabase database) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(database.ConnectionString) { IncludeErrorDetail = false }.ConnectionString);

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

    /// <summary>Seals a partition as maintenance does.</summary>
    public static Task SealAsync(this StoreDatabase database, string partition) => database.ExecuteAsync(
        $"SELECT mt_seal_partition('{partition}'); ALTER TABLE {partition} VALIDATE CONSTRAINT mt_sealed");
}
