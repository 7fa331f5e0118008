namespace MartenEventing.Benchmarks.Measurements;

/// <summary>One way to append events, on a connection of its own.</summary>
internal interface IAppender : IAsyncDisposable
{
    Task AppendAsync(AppendedEvents events, CancellationToken cancellation);
}
