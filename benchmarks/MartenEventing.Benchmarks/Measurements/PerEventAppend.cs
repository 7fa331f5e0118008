using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>Marten's way to append, on both layouts: what the guard and the partitions cost a writer that knows nothing of them.</summary>
internal sealed class PerEventAppend : IMeasurement
{
    private const string Key = "append.ratio";

    public IReadOnlyList<string> Keys => [Key];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var found = new List<Ratio>();
        foreach (var durable in new[] { false, true })
        {
            var rounds = await AppendComparison.RunAsync(
                bench, durable, FunctionAppender.OpenAsync, FunctionAppender.OpenAsync, cancellation);
            found.Add(new Ratio(Key, $"append of 10 event by event, {AppendComparison.Words(durable)}: throughput partitioned/plain",
                rounds, Target.AtLeast(0.95))
            {
                Variant = AppendComparison.Variant(durable),
            });
        }

        return found;
    }
}
