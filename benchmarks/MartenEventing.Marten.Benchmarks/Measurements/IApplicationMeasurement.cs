namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>Something that both applications do.</summary>
internal interface IApplicationMeasurement
{
    /// <summary>The name in the JSON.</summary>
    string Key { get; }

    /// <summary>Measures the applications in turns.</summary>
    Task<IReadOnlyList<Ratio>> RunAsync(
        ApplicationPair pair, RatiosOptions options, CancellationToken cancellation);
}
