namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// All measurements. Those that write come last, so that the reads find both sides as they were loaded.
/// </summary>
internal static class Catalogue
{
    public static readonly IReadOnlyList<IMeasurement> All =
    [
        new StreamRead(),
        new StreamReadGrowth(),
        new PageRead(),
        new MartenReads(),
        new TimeWindow(),
        new TimeIndex(),
        new StreamIdBrin(),
        new PerEventAppend(),
        new StoreAppend(),
        new BulkImport(),
        new BulkOrders(),
        new MonthRemoval(),
    ];

    public static IReadOnlyList<string> Keys => [.. All.SelectMany(measurement => measurement.Keys)];
}
