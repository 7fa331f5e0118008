namespace MartenEventing.Benchmarks.Measurements;

/// <summary>Something that is compared.</summary>
internal interface IMeasurement
{
    /// <summary>The keys of the ratios that come out.</summary>
    IReadOnlyList<string> Keys { get; }

    /// <summary>Measures both sides in turns.</summary>
    Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation);
}
