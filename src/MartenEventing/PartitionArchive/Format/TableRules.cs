namespace MartenEventing.PartitionArchive.Format;

/// <summary>What must be true of every table in a manifest.</summary>
internal static class TableRules
{
    private static readonly string[] IndexColumns =
        ["tenant_id text", "stream_id text", "events bigint", "first_sequence bigint", "last_sequence bigint"];

    /// <summary>What cannot be, as the end of a sentence about the manifest; null when all can.</summary>
    public static string? Contradiction(ArchiveTable table) =>
        Name(table)
        ?? Columns(table)
        ?? table.Files.Select(file => File(file, table.Role == ArchiveRole.Events)).FirstOrDefault(
            wrong => wrong is not null)
        ?? Order(table)
        ?? (table.Rows != table.Files.Sum(file => file.Rows) || !HexDigits.AreLower(table.Root, 64)
            ? $"counts other rows of {table.Name} than its files have, or has no root of it"
            : null);

    private static string? Name(ArchiveTable table)
    {
        var fits = table.Role switch
        {
            ArchiveRole.Events => table.Name == "mt_events",
            ArchiveRole.Index => table.Name == "stream_index",
            ArchiveRole.Streams => table.Name == "mt_streams",
            ArchiveRole.Bounds => table.Name == "mt_stream_bounds",
            ArchiveRole.Tags => table.Name.StartsWith("mt_event_tag_", StringComparison.Ordinal),
            _ => table.Name.StartsWith("mt_natural_key_", StringComparison.Ordinal),
        };
        return fits ? null : $"calls a table of the role {table.Role} \"{table.Name}\"";
    }

    private static string? Columns(ArchiveTable table)
    {
        var names = table.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        if (names.Count != table.Columns.Count || names.Contains(""))
            return $"names a column of {table.Name} twice, or has one without a name";
        if (table.Columns.FirstOrDefault(column => !IsType(column.Type)) is { } odd)
            return $"gives the column {odd.Name} of {table.Name} the type \"{odd.Type}\"";
        var complete = table.Role switch
        {
            ArchiveRole.Events => names.IsSupersetOf(["seq_id", "stream_id", "version", "type", "timestamp"]),
            ArchiveRole.Index =>
                table.Columns.Select(column => $"{column.Name} {column.Type}").SequenceEqual(IndexColumns),
            ArchiveRole.Streams => names.Contains("id"),
            ArchiveRole.Tags => names.Contains("seq_id"),
            _ => names.Contains("stream_id") || names.Contains("stream_key"),
        };
        return complete ? null : $"lacks columns that {table.Name} has always had";
    }

    /// <summary>A type goes into a CREATE TABLE as it is: it must end where it seems to.</summary>
    private static bool IsType(string type) =>
        type.Length is > 0 and < 1000 && !type.Any(char.IsControl) && !type.Contains(';', StringComparison.Ordinal)
        && !type.Contains("--", StringComparison.Ordinal) && !type.Contains("/*", StringComparison.Ordinal);

    private static string? File(ArchiveFile file, bool ofEvents)
    {
        if (file.Chunks.Count == 0)
            return $"tells of no chunk in {file.Name}";
        if (file.Chunks.FirstOrDefault(chunk => !IsPossible(chunk, ofEvents)) is { } chunk)
            return $"tells of a chunk in {file.Name} that cannot be: {chunk.Bytes} bytes for {chunk.ContentBytes} of "
                + $"{chunk.Rows} rows, sequences {chunk.FirstSequence} to {chunk.LastSequence}";
        return file.Bytes != file.Chunks.Sum(chunk => (long)chunk.Bytes)
            || file.Rows != file.Chunks.Sum(chunk => chunk.Rows)
            || file.FirstSequence != file.Chunks[0].FirstSequence || file.LastSequence != file.Chunks[^1].LastSequence
            || !HexDigits.AreLower(file.Sha256, 64)
                ? $"contradicts itself about {file.Name}"
                : null;
    }

    /// <summary>The shortest line has two braces and a line feed.</summary>
    private static bool IsPossible(ArchiveChunk chunk, bool ofEvents) =>
        chunk.ContentBytes is > 0 and <= ArchiveLimits.ContentBytes
        && chunk.Bytes > 0 && chunk.Bytes <= ArchiveLimits.StoredBytes(chunk.ContentBytes)
        && chunk.Rows > 0 && chunk.Rows <= chunk.ContentBytes / 3
        && HexDigits.AreLower(chunk.Sha256, 64) && HexDigits.AreLower(chunk.ContentSha256, 64)
        && (ofEvents
            ? chunk.FirstSequence <= chunk.LastSequence && chunk.Earliest <= chunk.Latest
            : (chunk.FirstSequence, chunk.LastSequence, chunk.Earliest, chunk.Latest) == (null, null, null, null));

    private static string? Order(ArchiveTable table)
    {
        var last = long.MinValue;
        foreach (var chunk in table.Files.SelectMany(file => file.Chunks))
        {
            if (chunk.FirstSequence < last)
                return $"tells of event {chunk.FirstSequence} behind event {last}";
            last = chunk.LastSequence ?? last;
        }

        return null;
    }
}
