using System.Data;
using MartenEventing.PartitionArchive.Format;
using Npgsql;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>
/// Reads a table of the database as the lines that an archive has of it, row by row. Not by COPY, whose first rows
/// Npgsql awaits no longer than the connection string allows, however long the server sorts before.
/// </summary>
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
        await using var command = new NpgsqlCommand(source.Sql, connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            long? sequence = null, time = null;
            _line.Begin();
            for (var i = 0; i < source.Columns.Count; i++)
            {
                if (await reader.IsDBNullAsync(i, cancellationToken))
                    continue;
                var text = await reader.GetFieldValueAsync<byte[]>(i, cancellationToken);
                _line.Add(i, text);
                if (i == _sequence)
                    sequence = WholeNumber.Parse(text, "sequence");
                else if (i == _time)
                    time = PostgresTimestamp.Parse(text);
            }

            _line.End();
            await take(_line.Written, sequence, time);
        }
    }
}
