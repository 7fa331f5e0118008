using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// Writers on both sides in turns. With synchronous_commit = off what they cost the processor decides; with it on the disk's
/// flush, which is the same on both sides, comes on top.
/// </summary>
internal static class AppendComparison
{
    /// <summary>How often the sides change turns in a round.</summary>
    private const int Turns = 4;

    /// <returns>The throughput partitioned/plain of each round.</returns>
    public static async Task<IReadOnlyList<double>> RunAsync(
        Workbench bench, bool durable, Func<NpgsqlDataSource, CancellationToken, Task<IAppender>> openPlain,
        Func<NpgsqlDataSource, CancellationToken, Task<IAppender>> openPartitioned, CancellationToken cancellation)
    {
        var pair = await bench.MainPairAsync(cancellation);
        await using var plainSource = Committing(pair[Side.Plain], durable);
        await using var partitionedSource = Committing(pair[Side.Partitioned], durable);
        await using var plain = await Writers.OpenAsync(
            plainSource, pair.History, bench.Options.Writers, openPlain, cancellation);
        await using var partitioned = await Writers.OpenAsync(
            partitionedSource, pair.History, bench.Options.Writers, openPartitioned, cancellation);

        await Rounds.RunAsync(1, Turns, Measure, cancellation);
        var found = await Rounds.RunAsync(bench.Options.Rounds, Turns, Measure, cancellation);
        return [.. found.Select(pairing => pairing.Ratio)];

        Task<double> Measure(Side side, CancellationToken token) =>
            (side == Side.Plain ? plain : partitioned).AppendAsync(bench.Options.WritingTime / Turns, token);
    }

    public static string Words(bool durable) => durable ? "durable commits" : "synchronous_commit off";

    public static Dictionary<string, object> Variant(bool durable) =>
        new() { ["synchronousCommit"] = durable ? "on" : "off" };

    private static NpgsqlDataSource Committing(NpgsqlDataSource source, bool durable) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(source.ConnectionString)
        {
            Options = $"-c synchronous_commit={(durable ? "on" : "off")}",
        }.ConnectionString);
}
