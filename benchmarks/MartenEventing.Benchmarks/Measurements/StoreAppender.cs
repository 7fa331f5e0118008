using MartenEventing.Benchmarks.Data;
using MartenEventing.Events;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// Appends through our store, with the checks, the pooled connections and the retries that come with it.
/// </summary>
internal sealed class StoreAppender(PostgresEventStore store) : IAppender
{
    public static Task<IAppender> OpenAsync(NpgsqlDataSource source, CancellationToken cancellation) =>
        Task.FromResult<IAppender>(new StoreAppender(new PostgresEventStore(source)));

    public async Task AppendAsync(AppendedEvents events, CancellationToken cancellation)
    {
        var given = new NewEvent[AppendedEvents.Count];
        for (var place = 0; place < given.Length; place++)
        {
            given[place] = new NewEvent(events.Types[place], events.Bodies[place])
            {
                Id = events.Ids[place],
                DotNetType = events.DotNetTypes[place],
                Timestamp = events.Timestamps[place],
            };
        }

        var append = new StreamAppend(events.Stream, ExpectedVersion.Any, given)
        {
            StreamType = ParcelEvents.StreamType,
        };
        await store.AppendAsync([append], cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
