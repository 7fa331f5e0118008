using System.Globalization;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>What an archive is made from, found in the database.</summary>
internal sealed record ArchiveSource(
    NpgsqlConnection Connection, StoreShape Shape, ArchiveSelection Selection, Partition? Partition,
    SourceQueries Queries)
{
    public DateTimeOffset? From => Partition is null ? Selection.From : Partition.From;

    public DateTimeOffset? To => Partition is null ? Selection.To : Partition.To;

    /// <summary>What the archive is called if it has no name of its own.</summary>
    public string Name => Selection.Name ?? Partition?.Name ?? $"events_{Day(From, "past")}_{Day(To, "future")}";

    /// <exception cref="ArgumentException">The selection names no partition, or too much at once.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    public static async Task<ArchiveSource> FindAsync(
        NpgsqlConnection connection, string schema, ArchiveSelection selection, CancellationToken cancellationToken)
    {
        var shape = await StoreShape.FindAsync(connection, schema, cancellationToken)
            ?? throw new StoreNotFoundException(schema, connection.Database);
        if (shape.Layout == StoreLayout.Plain)
            throw new StoreNotPartitionedException(schema);
        if (selection.Partition is not null && (selection.From ?? selection.To) is not null)
            throw new ArgumentException("Select a partition or a range of time, not both.", nameof(selection));
        if (selection.From >= selection.To)
            throw new ArgumentException(
                $"The range from {selection.From:u} to {selection.To:u} is empty.", nameof(selection));

        var partition = selection.Partition is { } name
            ? await FindPartitionAsync(connection, schema, name, cancellationToken)
            : null;
        var tables = await StoreTables.ReadAsync(connection, schema, cancellationToken);
        return new ArchiveSource(
            connection, shape, selection, partition,
            new SourceQueries(tables, shape, partition?.Name ?? "mt_events", selection));
    }

    public async Task<(long Events, long Streams)> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT count(*), coalesce(sum(g.events), 0)::bigint FROM (SELECT count(*) AS events {Queries.Groups}) g",
            Connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(1), reader.GetInt64(0));
    }

    private static async Task<Partition> FindPartitionAsync(
        NpgsqlConnection connection, string schema, string name, CancellationToken cancellationToken)
    {
        var layout = await PartitionCatalog.ListAsync(connection, schema, cancellationToken);
        return layout.FirstOrDefault(p => p.Name == name) ?? throw new ArgumentException(
            $"mt_events in schema \"{schema}\" has no partition \"{name}\". They are shown by: marten-eventing "
            + "partitions list. What is no partition is selected by its time: --from, --to.",
            nameof(name));
    }

    private static string Day(DateTimeOffset? at, string open) =>
        at?.UtcDateTime.ToString("yyyyMMddTHHmmss", CultureInfo.InvariantCulture) ?? open;
}
