using MartenEventing.Benchmarks.Data;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// One month's events of one type, bodies and all. The plain table has no index on time, as Marten makes it.
/// </summary>
internal sealed class TimeWindow : IMeasurement
{
    private const string Key = "window_query.speedup";

    public IReadOnlyList<string> Keys => [Key];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var pair = await bench.MainPairAsync(cancellation);
        var month = HistoryOptions.MonthOf(bench.Now).AddMonths(-bench.Options.Months / 2);
        await Rounds.TimesAsync(1, turns: 2, (side, token) => ReadAsync(pair[side], month, token), cancellation);
        var found = await Rounds.TimesAsync(
            bench.Options.Rounds, turns: 3, (side, token) => ReadAsync(pair[side], month, token), cancellation);
        return
        [
            new Ratio(Key, "one month's events of one type: time plain/partitioned",
                [.. found.Select(pairing => pairing.Speedup)], Target.AtLeast(10)),
        ];
    }

    private static async Task ReadAsync(NpgsqlDataSource source, DateTimeOffset month, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SqlFile.Read("window"));
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = month.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = month.AddMonths(1).UtcDateTime });
        command.Parameters.Add(
            new NpgsqlParameter { Value = ParcelEvents.Type(0), NpgsqlDbType = NpgsqlDbType.Varchar });
        await RowReader.DrainAsync(command, cancellation);
    }
}
