namespace MartenEventing.Benchmarks.Measurements;

/// <summary>Our own append, on partitions, against Marten's way on the plain table.</summary>
internal sealed class StoreAppend : IMeasurement
{
    private const string Key = "append_batch.ratio";

    private static readonly AppendComparison Comparison =
        new(Key, "append of 10, our store on partitions/event by event on plain", Target.AtLeast(1.5))
        {
            OpenPlain = FunctionAppender.OpenAsync,
            OpenPartitioned = StoreAppender.OpenAsync,
        };

    public IReadOnlyList<string> Keys => [Key];

    public Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation) =>
        Comparison.RunAsync(bench, cancellation);
}
