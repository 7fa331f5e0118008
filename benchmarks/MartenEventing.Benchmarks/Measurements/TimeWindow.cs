using System.Diagnostics;
using MartenEventing.Benchmarks.Data;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>One month's events of one type, bodies and all. The plain table has no index on time, as Marten makes it.</summary>
internal sealed class TimeWindow : IMeasurement
{
    private const string Key = "window_query.speedup";

    public IReadOnlyList<string> Keys => [Key];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var pair = await bench.MainPairAsync(cancellation);
        var month = HistoryOptions.MonthOf(bench.Now).AddMonths(-bench.Options.Months / 2);
        await Rounds.RunAsync(1, turns: 2, Measure, cancellation);
        var found = await Rounds.RunAsync(bench.Options.Rounds, turns: 3, Measure, cancellation);
        return
        [
            new Ratio(Key, "one month's events of one type: time plain/partitioned",
                [.. found.Select(pairing => pairing.Speedup)], Target.AtLeast(10)),
        ];

        async Task<double> Measure(Side side, CancellationToken token)
        {
            var start = Stopwatch.GetTimestamp();
            await ReadAsync(pair[side], month, token);
            return Stopwatch.GetTimestamp() - start;
        }
    }

    private static async Task ReadAsync(NpgsqlDataSource source, DateTimeOffset month, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SqlFile.Read("window"));
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = month.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = month.AddMonths(1).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter { Value = ParcelEvents.Type(0), NpgsqlDbType = NpgsqlDbType.Varchar });
        await RowReader.DrainAsync(command, cancellation);
    }
}
