using System.Security.Cryptography;
using MartenEventing.PartitionArchive.Writing;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.PartitionArchive.Reading;

/// <summary>
/// Compares the events of an archive with those that the database has of its range: chunk by chunk by their digests,
/// and event by event where these differ.
/// </summary>
internal sealed class Comparison(OpenArchive archive, NpgsqlConnection connection, string schemaName, int mostProblems)
{
    private const int LongestDetail = 1 << 26;

    private readonly List<ArchiveProblem> _problems = [];
    private readonly List<(long Sequence, byte[] Hash)> _lines = [];
    private IncrementalHash _hash = null!;
    private (ArchiveFile File, int Chunk)[] _chunks = [];
    private int _at;

    /// <summary>How many events are the same.</summary>
    public long Same { get; private set; }

    /// <summary>Reads in a transaction that prints values for archives.</summary>
    /// <param name="streamTable">The table that the archive was restricted by, if it was.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<ArchiveProblem>> RunAsync(
        string? streamTable, CancellationToken cancellationToken)
    {
        var events = archive.Manifest.EventTable;
        _chunks = [.. events.Files.SelectMany(file => Enumerable.Range(0, file.Chunks.Count).Select(i => (file, i)))];
        if (await SourceAsync(streamTable, cancellationToken) is not { } source)
            return _problems;
        using (_hash = archive.Digest.Begin())
        {
            await new TableExport(source).ReadAsync(
                connection, (line, sequence, _) => TakeAsync(line, sequence!.Value, cancellationToken),
                cancellationToken);
            while (_at < _chunks.Length)
                await EndChunkAsync(cancellationToken);
            AddExtra(_lines);
        }

        return _problems;
    }

    private async Task<SourceTable?> SourceAsync(string? streamTable, CancellationToken cancellationToken)
    {
        var shape = await StoreShape.FindAsync(connection, schemaName, cancellationToken)
            ?? throw new StoreNotFoundException(schemaName, connection.Database);
        var tables = await StoreTables.ReadAsync(connection, schemaName, cancellationToken);
        var columns = archive.Manifest.EventTable.Columns;
        var missing = columns.Where(column => !tables.Has("mt_events", column.Name)).Select(column => column.Name)
            .ToList();
        if (missing.Count > 0)
        {
            _problems.Add(new ArchiveProblem
            {
                Kind = ArchiveProblemKind.NotInDatabase,
                Message = $"mt_events has no column {string.Join(", ", missing)}",
            });
            return null;
        }

        var selection = new ArchiveSelection
        {
            From = archive.Manifest.From, To = archive.Manifest.To, Tenant = archive.Manifest.Tenant,
            StreamTable = streamTable,
        };
        var all = new SourceQueries(tables, shape, "mt_events", selection).Events();
        return SourceTable.Of(all.Name, all.Role, columns, "e", all.From);
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> line, long sequence, CancellationToken cancellationToken)
    {
        while (_at < _chunks.Length && sequence > Chunk.LastSequence)
            await EndChunkAsync(cancellationToken);
        _hash.AppendData(line.Span);
        if (_lines.Count < LongestDetail / 64)
            _lines.Add((sequence, SHA256.HashData(line.Span)));
        if (_at == _chunks.Length && _lines.Count >= mostProblems)
        {
            AddExtra(_lines);
            _lines.Clear();
        }
    }

    private ArchiveChunk Chunk => _chunks[_at].File.Chunks[_chunks[_at].Chunk];

    private async Task EndChunkAsync(CancellationToken cancellationToken)
    {
        if (Convert.ToHexStringLower(_hash.GetHashAndReset()) == Chunk.ContentSha256)
            Same += Chunk.Rows;
        else
            await TellAsync(cancellationToken);
        _lines.Clear();
        _at++;
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        var (file, chunk) = _chunks[_at];
        var content = await archive.ReadAsync(file, chunk, cancellationToken);
        var fields = new EventFields(archive.Manifest.EventTable);
        var held = new Queue<(long Sequence, byte[] Hash)>(_lines);
        foreach (var line in Format.Lines.Of(content))
        {
            fields.Read(line);
            while (held.TryPeek(out var extra) && extra.Sequence < fields.Sequence)
                AddExtra([held.Dequeue()]);
            if (!held.TryPeek(out var next) || next.Sequence != fields.Sequence)
                Add(ArchiveProblemKind.NotInDatabase, fields.Sequence, "is in the archive and not in the database");
            else if (!SHA256.HashData([.. line.Span, (byte)'\n']).AsSpan().SequenceEqual(held.Dequeue().Hash))
                Add(ArchiveProblemKind.Different, fields.Sequence,
                    "is another one in the database than in the archive");
            else
                Same++;
        }

        AddExtra(held);
    }

    private void AddExtra(IEnumerable<(long Sequence, byte[] Hash)> events)
    {
        foreach (var (sequence, _) in events)
            Add(ArchiveProblemKind.NotInArchive, sequence, "is in the database and not in the archive");
    }

    private void Add(ArchiveProblemKind kind, long sequence, string what)
    {
        if (_problems.Count < mostProblems)
            _problems.Add(
                new ArchiveProblem { Kind = kind, Sequence = sequence, Message = $"event {sequence} {what}" });
    }
}
