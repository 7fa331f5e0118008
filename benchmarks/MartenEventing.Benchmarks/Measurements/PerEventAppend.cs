namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// Marten's way to append, on both layouts: what guard and partitions cost a writer that knows nothing of them.
/// </summary>
internal sealed class PerEventAppend : IMeasurement
{
    private const string Key = "append.ratio";

    private static readonly AppendComparison Comparison =
        new(Key, "append of 10 event by event, partitioned/plain", Target.AtLeast(0.95))
        {
            OpenPlain = FunctionAppender.OpenAsync,
            OpenPartitioned = FunctionAppender.OpenAsync,
        };

    public IReadOnlyList<string> Keys => [Key];

    public Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation) =>
        Comparison.RunAsync(bench, cancellation);
}
