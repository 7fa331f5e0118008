using System.Data.Common;
using JasperFx;
using JasperFx.Events;
using Marten.Internal;
using Marten.Linq.QueryHandlers;
using MartenEventing.Schema;
using Weasel.Postgresql;
using Weasel.Postgresql.SqlGeneration;
using Weasel.Storage;

namespace MartenEventing.Marten.Fetching;

/// <summary>
/// Reads a stream's events where they are likely to be, behind what mt_streams tells of it: versions from 1 to at least
/// that one prove that none was missed, wherever they lie.
/// </summary>
internal sealed class BoundedEventsHandler<TId>(
    Attempt attempt, StreamTable streams, PartitionPeriod period, TId id, bool isGlobal,
    Func<ISqlFragment?, IQueryHandler<IReadOnlyList<IEvent>>> martens) : IQueryHandler<IReadOnlyList<IEvent>>
    where TId : notnull
{
    private readonly IQueryHandler<IReadOnlyList<IEvent>>? _events = attempt.Within switch
    {
        null => null,
        { } within when within == StreamSpan.Whole => martens(null),
        { } within => martens(new SpanFilter(within)),
    };

    public void ConfigureCommand(ICommandBuilder builder, IStorageSession session)
    {
        streams.Ask(builder, id, isGlobal ? StorageConstants.DefaultTenantId : session.TenantId);
        if (_events is null)
            return;
        builder.StartNewCommand();
        _events.ConfigureCommand(builder, session);
    }

    /// <exception cref="SpanMissedException">They do not prove it.</exception>
    public async Task<IReadOnlyList<IEvent>> HandleAsync(
        DbDataReader reader, IStorageSession session, CancellationToken token)
    {
        var version = await ReadLifeAsync(reader, token);
        if (_events is null)
            throw new SpanMissedException();
        await reader.NextResultAsync(token);
        var events = await _events.HandleAsync(reader, session, token);
        if (attempt.Within == StreamSpan.Whole)
            attempt.Found = IsComplete(events, version) ? Seen(events) : StreamSpan.Whole;
        else if (IsComplete(events, version))
            attempt.Found = Seen(events);
        else
            throw new SpanMissedException();
        return events;
    }

    public Task<int> StreamJson(Stream stream, DbDataReader reader, CancellationToken token) =>
        throw new NotSupportedException();

    private static bool IsComplete(IReadOnlyList<IEvent> events, long version)
    {
        for (var i = 0; i < events.Count; i++)
            if (events[i].Version != i + 1)
                return false;
        return events.Count >= version;
    }

    /// <summary>Returns the stream's version; 0 when there is none.</summary>
    private async Task<long> ReadLifeAsync(DbDataReader reader, CancellationToken token)
    {
        if (!await reader.ReadAsync(token) || await reader.IsDBNullAsync(0, token))
            return 0;
        attempt.Life = StreamSpan.Around(
            await reader.GetFieldValueAsync<DateTimeOffset>(1, token),
            await reader.GetFieldValueAsync<DateTimeOffset>(2, token), period);
        return await reader.GetFieldValueAsync<long>(0, token);
    }

    private StreamSpan? Seen(IReadOnlyList<IEvent> events) => events.Count == 0
        ? null
        : StreamSpan.Of(events.Min(e => e.Timestamp), events.Max(e => e.Timestamp), period);
}
