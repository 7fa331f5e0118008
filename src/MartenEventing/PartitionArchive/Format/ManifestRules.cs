namespace MartenEventing.PartitionArchive.Format;

/// <summary>
/// What must be true of every manifest, whoever wrote it, so that whoever reads an archive can rely on it: all it names
/// is there once, plain and of a possible size.
/// </summary>
internal static class ManifestRules
{
    /// <summary>What cannot be, as the end of a sentence about the manifest; null when all can.</summary>
    public static string? Contradiction(ArchiveManifest manifest) =>
        Nulls(manifest)
        ?? Itself(manifest)
        ?? Encryption(manifest.Encryption)
        ?? manifest.Redactions.Select(Redaction).FirstOrDefault(wrong => wrong is not null)
        ?? Roles(manifest)
        ?? manifest.Tables.Select(TableRules.Contradiction).FirstOrDefault(wrong => wrong is not null)
        ?? Names(manifest)
        ?? Totals(manifest);

    private static string? Nulls(ArchiveManifest manifest) =>
        manifest.Tables.Any(table => table is null || table.Columns.Contains(null!) || table.Files.Contains(null!)
            || table.Files.Any(file => file.Chunks.Contains(null!)))
        || manifest.Redactions.Any(redaction => redaction is null || redaction.ReplacedFiles.Contains(null!))
            ? "has nothing where a table, column, file, chunk or redaction should be"
            : null;

    private static string? Itself(ArchiveManifest manifest) =>
        !PlainName.IsOne(manifest.Name) ? $"calls the archive \"{manifest.Name}\", which is no name for one"
        : manifest.Revision != 1 + manifest.Redactions.Count
            ? $"is of revision {manifest.Revision}, and tells of {manifest.Redactions.Count} redactions"
        : manifest.From >= manifest.To ? $"is of an empty range, from {manifest.From:u} to {manifest.To:u}"
        : null;

    private static string? Encryption(ArchiveEncryption? encryption) =>
        encryption is null ? null
        : encryption.Algorithm != ArchiveCipher.Algorithm ? $"tells of an encryption \"{encryption.Algorithm}\""
        : !HexDigits.AreLower(encryption.Salt, 32) || !HexDigits.AreLower(encryption.KeyCheck, 16)
            ? "has no salt or key check where they should be"
        : null;

    private static string? Redaction(ArchiveRedaction redaction) =>
        !HexDigits.AreLower(redaction.StreamSha256, 64) || !HexDigits.AreLower(redaction.FormerRoot, 64)
            ? "tells of a redaction without its digests"
        : redaction.Events < 0 ? $"tells of a redaction of {redaction.Events} events"
        : null;

    private static string? Roles(ArchiveManifest manifest)
    {
        foreach (var role in (ArchiveRole[])[ArchiveRole.Events, ArchiveRole.Index, ArchiveRole.Streams])
            if (manifest.Tables.Count(table => table.Role == role) is not 1 and var count)
                return $"names {count} tables of {role.ToString().ToLowerInvariant()}, not one";
        return manifest.Tables[0].Role != ArchiveRole.Events ? "does not begin with the events"
            : manifest.Tables.Select(table => table.Name).Distinct().Count() != manifest.Tables.Count
                ? "names a table twice"
            : null;
    }

    private static string? Names(ArchiveManifest manifest)
    {
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (_, file) in manifest.Files())
            if (!PlainName.IsOfRows(file.Name) || !used.Add(file.Name))
                return $"names a file \"{file.Name}\", which is no name of one or stands there twice";
        var strange = manifest.Redactions.SelectMany(redaction => redaction.ReplacedFiles)
            .FirstOrDefault(file => !PlainName.IsOfRows(file) || used.Contains(file));
        return strange is null ? null
            : $"tells of a replaced file \"{strange}\", which is no name of one or is in use";
    }

    private static string? Totals(ArchiveManifest manifest)
    {
        var files = manifest.EventTable.Files;
        return manifest.Events != manifest.EventTable.Rows
            || manifest.Streams != manifest.Tables.Single(table => table.Role == ArchiveRole.Index).Rows
                ? "counts other events or streams than its tables have"
            : manifest.FirstSequence != (files.Count == 0 ? null : files[0].FirstSequence)
                || manifest.LastSequence != (files.Count == 0 ? null : files[^1].LastSequence)
                    ? "tells of other sequences than its files have"
            : null;
    }
}
