using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// Writers on both sides in turns. With synchronous_commit off what they cost the processor decides, and that is the
/// key's value; with durable commits the disk, which is the same on both sides, hides some of the difference.
/// </summary>
internal sealed class AppendComparison(string key, string what, Target target)
{
    /// <summary>How often the sides change turns in a round.</summary>
    private const int Turns = 6;

    public required Func<NpgsqlDataSource, CancellationToken, Task<IAppender>> OpenPlain { get; init; }

    public required Func<NpgsqlDataSource, CancellationToken, Task<IAppender>> OpenPartitioned { get; init; }

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var found = new List<Ratio>();
        foreach (var durable in new[] { false, true })
        {
            var rounds = await MeasureAsync(bench, durable, cancellation);
            var words = durable ? "durable commits" : "synchronous_commit off";
            found.Add(new Ratio(key, $"{what}, {words}: throughput", [.. rounds.Select(Throughput)], target)
            {
                Variant = Variant(durable, "second"),
            });
            if (rounds[0][0].ProcessorTime is > 0)
            {
                found.Add(new Ratio(
                    key, $"{what}, {words}: per processor time of the server", [.. rounds.Select(PerWork)])
                {
                    Variant = Variant(durable, "server processor time"),
                });
            }
        }

        return found;
    }

    private async Task<IReadOnlyList<Written[]>> MeasureAsync(
        Workbench bench, bool durable, CancellationToken cancellation)
    {
        var pair = await bench.MainPairAsync(cancellation);
        await using var plain =
            await Writers.OpenAsync(pair, Side.Plain, bench.Options, durable, OpenPlain, cancellation);
        await using var partitioned =
            await Writers.OpenAsync(pair, Side.Partitioned, bench.Options, durable, OpenPartitioned, cancellation);
        await Rounds.RunAsync(1, Turns, Append, (one, other) => one + other, cancellation);
        return await Rounds.RunAsync(bench.Options.Rounds, Turns, Append, (one, other) => one + other, cancellation);

        Task<Written> Append(Side side, CancellationToken token) =>
            (side == Side.Plain ? plain : partitioned).AppendAsync(bench.Options.WritingTime / Turns, token);
    }

    private static double Throughput(Written[] sides) => sides[1].PerSecond / sides[0].PerSecond;

    private static double PerWork(Written[] sides) =>
        sides[1].PerProcessorTime!.Value / sides[0].PerProcessorTime!.Value;

    private static Dictionary<string, object> Variant(bool durable, string per) =>
        new() { ["synchronousCommit"] = durable ? "on" : "off", ["per"] = per };
}
