using JasperFx;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using MartenEventing.Benchmarks.Applications.Domain;
using MartenEventing.Benchmarks.Measurements;
using MartenEventing.Marten;
using Npgsql;
using Weasel.Core;

namespace MartenEventing.Benchmarks.Applications;

/// <summary>
/// A Marten application, without the extension or, by one more line, with it. Its connections are its own, so that what
/// the server works for it can be told.
/// </summary>
internal sealed class Application : IAsyncDisposable
{
    private readonly WatchedSource _source;

    public Application(NpgsqlDataSource database, Side side, ConnectionStyle style)
    {
        _source = new WatchedSource(database, configure: style.Configure);
        Store = DocumentStore.For(options =>
        {
            options.Connection(_source.Source);
            options.DisableNpgsqlLogging = true;
            options.UseSystemTextJsonForSerialization(casing: Casing.CamelCase);
            options.Events.AddEventTypes(ParcelEvent.Types);
            options.Projections.Add(new TrackedParcelProjection(), ProjectionLifecycle.Live);
            options.Projections.Add(new DepotTrafficProjection(), ProjectionLifecycle.Async);
            options.Projections.AsyncMode = DaemonMode.Solo;
            if (side == Side.Partitioned)
                options.UseTimePartitionedEvents();
        });
    }

    public DocumentStore Store { get; }

    /// <summary>What the server has worked for the application so far, in nanoseconds; null when not known.</summary>
    public Task<double?> ProcessorTimeAsync(CancellationToken cancellation) =>
        _source.ProcessorTimeAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _source.DisposeAsync();
    }
}
