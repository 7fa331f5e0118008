using MartenEventing.Partitioning;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Cli.Demo.Figures;

/// <summary>A copy of a few months in a partitioned store of their own, to be thrown away one by one.</summary>
internal static class SomeMonths
{
    public const string Schema = "demo_months";

    public static async Task MakeAsync(
        NpgsqlDataSource source, IReadOnlyCollection<Partition> months, CancellationToken cancellation)
    {
        await new SchemaMigrator(source, new SchemaOptions { SchemaName = Schema }).ApplyAsync(cancellation);
        await source.ExecuteAsync(
            $"SELECT {Schema}.mt_provision_history('month', $1)", cancellation, months.Min(month => month.From)!.Value);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand($"SELECT {Schema}.mt_guard_vouch()", connection);
        await command.ExecuteNonQueryAsync(cancellation);
        foreach (var month in months)
        {
            command.CommandText = $"INSERT INTO {Schema}.{month.Name} SELECT * FROM {month.Name}";
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }
}
