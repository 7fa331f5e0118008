using System.Data.Common;
using JasperFx.Events;
using Marten.Linq.QueryHandlers;
using Weasel.Postgresql;
using Weasel.Storage;

namespace MartenEventing.Marten.Fetching;

/// <summary>Marten's handler of a stream's events, its statement turned by a <see cref="BoundedStreams"/>.</summary>
internal sealed class StreamEventsHandler<TId>(
    IQueryHandler<IReadOnlyList<IEvent>> martens, BoundedStreams streams, TId stream, bool isGlobal)
    : IQueryHandler<IReadOnlyList<IEvent>> where TId : notnull
{
    public void ConfigureCommand(ICommandBuilder builder, IStorageSession session) =>
        streams.Append(builder, stream, isGlobal, session, martens.ConfigureCommand);

    public Task<IReadOnlyList<IEvent>> HandleAsync(
        DbDataReader reader, IStorageSession session, CancellationToken token) =>
        martens.HandleAsync(reader, session, token);

    public Task<int> StreamJson(Stream stream, DbDataReader reader, CancellationToken token) =>
        martens.StreamJson(stream, reader, token);
}
