using System.Runtime.CompilerServices;
using MartenEventing.Diagnostics;
using MartenEventing.PartitionArchive.Format;
using MartenEventing.PartitionArchive.Reading;
using MartenEventing.PartitionArchive.Redacting;
using MartenEventing.PartitionArchive.Writing;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.PartitionArchive;

/// <summary>The partition archives of a storage: lists, verifies, searches and removes them.</summary>
public sealed class PartitionArchives
{
    private const int MostProblems = 100;

    private readonly IArchiveStorage _storage;
    private readonly ArchiveKey? _key;
    private readonly TimeProvider _time;

    /// <summary>Prepares; nothing is read yet.</summary>
    /// <param name="storage">Where the archives lie.</param>
    /// <param name="key">The key of those that are encrypted. Default: none.</param>
    /// <param name="time">Tells when something was erased. Default: the system's clock.</param>
    public PartitionArchives(IArchiveStorage storage, ArchiveKey? key = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(storage);
        (_storage, _key, _time) = (storage, key, time ?? TimeProvider.System);
    }

    /// <summary>All archives, in the order of their time, the unfinished ones and those not to be read too.</summary>
    public async Task<IReadOnlyList<ArchiveEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        var bytes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await foreach (var file in _storage.ListAsync("", cancellationToken))
            if (file.Key.IndexOf('/', StringComparison.Ordinal) is > 0 and var end)
                bytes[file.Key[..end]] = bytes.GetValueOrDefault(file.Key[..end]) + file.Bytes;

        var entries = new List<ArchiveEntry>();
        foreach (var (name, size) in bytes)
            if (await FindAsync(name, size, cancellationToken) is { } entry)
                entries.Add(entry);
        return [.. entries.OrderBy(entry => entry.Manifest?.From ?? DateTimeOffset.MinValue)
            .ThenBy(entry => entry.Manifest?.FirstSequence).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    /// <summary>What an archive holds.</summary>
    /// <exception cref="PartitionArchiveException">There is none, or it is not to be read.</exception>
    public async Task<ArchiveManifest> ReadManifestAsync(string name, CancellationToken cancellationToken = default) =>
        (await OpenArchive.OpenAsync(_storage, name, _key, mayLackKey: true, cancellationToken)).Manifest;

    /// <summary>
    /// Reads all of an archive and compares it with its manifest. Damage is reported, with file and offset; it is no
    /// exception. Without the key an encrypted archive's stored bytes are compared.
    /// </summary>
    /// <exception cref="ArchiveNotFoundException">There is no such archive.</exception>
    /// <exception cref="ArchiveFormatException">Its format is unknown.</exception>
    /// <exception cref="ArchiveKeyException">The key is another one.</exception>
    /// <exception cref="ArchiveDamagedException">The manifest itself is damaged: nothing can be compared.</exception>
    public async Task<VerificationReport> VerifyAsync(string name, CancellationToken cancellationToken = default)
    {
        using var activity = EventingDiagnostics.Activities.StartActivity("partition archive verify");
        activity?.SetTag("archive", name);
        var archive = await OpenArchive.OpenAsync(_storage, name, _key, mayLackKey: true, cancellationToken);
        var report = await new Verification(archive, _storage).RunAsync(cancellationToken);
        ArchiveMetrics.Found(archive.Manifest.Origin.Schema, report.Problems.Count);
        return report;
    }

    /// <summary>
    /// Verifies an archive, then compares it with what the database has of its range, event by event where digests
    /// differ. When nothing is wrong, the database notes that it was verified, unless it is a standby.
    /// </summary>
    /// <exception cref="ArchiveRevisionException">The database has noted another state of it: it is an older
    /// copy.</exception>
    /// <exception cref="PartitionArchiveException">It cannot be read at all.</exception>
    public async Task<VerificationReport> VerifyAsync(
        string name, NpgsqlDataSource dataSource, string schemaName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await using var pinned = await PinnedConnection.OpenAsync(dataSource, cancellationToken);
        var connection = pinned.Connection;
        var archive = await OpenArchive.OpenAsync(_storage, name, _key, mayLackKey: false, cancellationToken);
        await new ArchiveRegister(connection, schemaName).StandingAsync(archive.Manifest, cancellationToken);
        VerificationReport report;
        await using (await SourceSnapshot.BeginAsync(connection, cancellationToken))
            report = await VerifyAsync(archive, connection, schemaName, null, cancellationToken);
        if (report.IsSound && !await PinnedConnection.IsStandbyAsync(connection, cancellationToken))
            await new ArchiveRegister(connection, schemaName).NoteVerifiedAsync(report.Manifest, cancellationToken);
        return report;
    }

    /// <summary>
    /// The events of an archive that a query asks for, by sequence. Only chunks that may have some are read.
    /// </summary>
    /// <exception cref="PartitionArchiveException">It cannot be read, or what is read is damaged.</exception>
    public async IAsyncEnumerable<ArchivedEvent> QueryAsync(
        string name, ArchiveQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var archive = await OpenArchive.OpenAsync(_storage, name, _key, mayLackKey: false, cancellationToken);
        await foreach (var found in new QueryReader(archive, query).ReadAsync(cancellationToken))
            yield return found;
    }

    /// <summary>
    /// Removes an archive, the manifest first: broken off, what is left counts for nothing. Also what is unfinished.
    /// </summary>
    /// <exception cref="ArchiveNotFoundException">There is nothing of this name.</exception>
    public async Task DropAsync(string name, CancellationToken cancellationToken = default)
    {
        var keys = new List<string>();
        await foreach (var file in _storage.ListAsync($"{name}/", cancellationToken))
            keys.Add(file.Key);
        if (keys.Count == 0)
            throw new ArchiveNotFoundException(name, _storage.Location, isUnfinished: false);
        await _storage.DeleteAsync($"{name}/{ManifestText.FileName}", cancellationToken);
        foreach (var key in keys)
            await _storage.DeleteAsync(key, cancellationToken);
    }

    /// <summary>How many events of a stream an archive holds. Changes nothing.</summary>
    /// <exception cref="PartitionArchiveException">It cannot be read.</exception>
    public async Task<RedactionReport> PlanRedactionAsync(
        string name, RedactionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var archive = await OpenArchive.OpenAsync(_storage, name, _key, mayLackKey: false, cancellationToken);
        var redaction = new Redaction(_storage, archive, request.Validated(), _time);
        return new RedactionReport(name, await redaction.CountAsync(cancellationToken), []);
    }

    /// <summary>
    /// Erases a stream from an archive: its events, its row, tags and keys. The files that held some of it are replaced
    /// and removed, and the manifest says when, why and by whom, without naming the stream. One call at a time for each
    /// archive. Nobody is asked whether the stream is under legal hold, and a database that has noted the archive does
    /// not know the new state: <see cref="StoreArchives.RedactAsync"/> sees to both.
    /// </summary>
    /// <exception cref="ArgumentException">Reason or author is missing.</exception>
    /// <exception cref="PartitionArchiveException">It cannot be read. Nothing was changed.</exception>
    public async Task<RedactionReport> RedactAsync(
        string name, RedactionRequest request, CancellationToken cancellationToken = default) =>
        await RedactAsync(name, request, null, cancellationToken);

    internal async Task<RedactionReport> RedactAsync(
        string name, RedactionRequest request, RecordedRedaction? record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var activity = EventingDiagnostics.Activities.StartActivity("partition archive redact");
        activity?.SetTag("archive", name);
        var archive = await OpenArchive.OpenAsync(_storage, name, _key, mayLackKey: false, cancellationToken);
        return await new Redaction(_storage, archive, request.Validated(), _time, record).RunAsync(cancellationToken);
    }

    /// <summary>The streams of an archive.</summary>
    internal async IAsyncEnumerable<IndexedStream> StreamsAsync(
        string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var archive = await OpenArchive.OpenAsync(_storage, name, _key, mayLackKey: false, cancellationToken);
        await foreach (var stream in StreamIndex.ReadAsync(archive, cancellationToken))
            yield return stream;
    }

    /// <summary>The same in a transaction of the caller's, which prints values for archives.</summary>
    internal async Task<VerificationReport> VerifyAsync(
        string name, NpgsqlConnection connection, string schemaName, string? streamTable,
        CancellationToken cancellationToken) => await VerifyAsync(
            await OpenArchive.OpenAsync(_storage, name, _key, mayLackKey: false, cancellationToken), connection,
            schemaName,
            streamTable, cancellationToken);

    private async Task<VerificationReport> VerifyAsync(
        OpenArchive archive, NpgsqlConnection connection, string schemaName, string? streamTable,
        CancellationToken cancellationToken)
    {
        var report = await new Verification(archive, _storage).RunAsync(cancellationToken);
        if (!report.IsSound)
            return report;
        var comparison = new Comparison(archive, connection, schemaName, MostProblems);
        return report with
        {
            Problems = await comparison.RunAsync(streamTable, cancellationToken),
            IsCompared = true,
            EventsCompared = comparison.Same,
        };
    }

    private async Task<ArchiveEntry?> FindAsync(string name, long bytes, CancellationToken cancellationToken)
    {
        try
        {
            return new ArchiveEntry(name, bytes, await ReadManifestAsync(name, cancellationToken), null);
        }
        catch (ArchiveNotFoundException error)
        {
            return error.IsUnfinished // if not, it was removed in this moment
                ? new ArchiveEntry(name, bytes, null, error.Message) { IsUnfinished = true }
                : null;
        }
        catch (Exception error) when (error is PartitionArchiveException or IOException or UnauthorizedAccessException)
        {
            return new ArchiveEntry(name, bytes, null, error.Message);
        }
    }
}
