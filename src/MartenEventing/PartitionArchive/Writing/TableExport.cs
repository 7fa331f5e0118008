using MartenEventing.PartitionArchive.Format;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>Reads a table of the database as the lines that an archive has of it, row by row.</summary>
internal sealed class TableExport(SourceTable source)
{
    private readonly LineBuffer _line = new(source.Columns);
    private readonly int _sequence = source.Role == ArchiveRole.Events ? source.OrdinalOf("seq_id") : -1;
    private readonly int _time = source.Role == ArchiveRole.Events ? source.OrdinalOf("timestamp") : -1;

    /// <summary>Gives each line, with the sequence and time of an event.</summary>
    public async Task ReadAsync(
        NpgsqlConnection connection,
        Func<ReadOnlyMemory<byte>, long?, long?, ValueTask> take,
        CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(source.Sql, cancellationToken);
        copy.WithoutTimeout();
        var rows = new CopyRows(copy, source.Columns.Count);
        while (await rows.ReadAsync(cancellationToken))
        {
            _line.Begin();
            for (var i = 0; i < source.Columns.Count; i++)
                if (!rows.IsNull(i))
                    _line.Add(i, rows.Field(i));
            _line.End();
            await take(
                _line.Written,
                _sequence < 0 ? null : WholeNumber.Parse(rows.Field(_sequence), "sequence"),
                _time < 0 ? null : PostgresTimestamp.Parse(rows.Field(_time)));
        }
    }
}
