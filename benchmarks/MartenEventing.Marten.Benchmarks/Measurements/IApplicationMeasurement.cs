namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>Something that both applications do.</summary>
internal interface IApplicationMeasurement
{
    /// <summary>The name in the JSON.</summary>
    string Key { get; }

    /// <summary>Measures the applications in turns, with each of some styles of connection.</summary>
    Task<IReadOnlyList<Ratio>> RunAsync(
        ApplicationPair pair, IReadOnlyList<ConnectionStyle> styles, RatiosOptions options,
        CancellationToken cancellation);
}
