using MartenEventing.Diagnostics;
using MartenEventing.PartitionArchive.Reading;
using MartenEventing.PartitionArchive.Redacting;
using MartenEventing.PartitionArchive.Writing;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.PartitionArchive;

/// <summary>
/// The partition archives of a store, with what its database knows of them: in which state each has to be, and what is
/// under legal hold.
/// </summary>
public sealed class StoreArchives
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly string _schemaName;
    private readonly IArchiveStorage _storage;
    private readonly ArchiveKey? _key;
    private readonly TimeProvider _time;

    /// <summary>Prepares; nothing is read yet.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="schemaName">The schema of the store.</param>
    /// <param name="storage">Where the archives lie.</param>
    /// <param name="key">The key of those that are encrypted. Default: none.</param>
    /// <param name="time">Tells when something was erased. Default: the system's clock.</param>
    public StoreArchives(
        NpgsqlDataSource dataSource, string schemaName, IArchiveStorage storage, ArchiveKey? key = null,
        TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrEmpty(schemaName);
        ArgumentNullException.ThrowIfNull(storage);
        (_dataSource, _schemaName, _storage) = (dataSource, schemaName, storage);
        (_key, _time) = (key, time ?? TimeProvider.System);
    }

    /// <summary>
    /// Verifies an archive, and that it is in the state that the database has noted. Its events are not compared: they
    /// may have gone.
    /// </summary>
    /// <exception cref="ArchiveRevisionException">It is in another state: an older copy, or a forged one.</exception>
    /// <exception cref="ForeignArchiveException">The database has no note of it.</exception>
    /// <exception cref="PartitionArchiveException">It cannot be read at all.</exception>
    public async Task<VerificationReport> VerifyAsync(string name, CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.OpenAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        var archive = await OpenAsync(name, mayLackKey: true, cancellationToken);
        await RequireKnownAsync(connection, archive.Manifest, cancellationToken);
        return await new Verification(archive, _storage).RunAsync(cancellationToken);
    }

    /// <summary>
    /// Takes an archive for the right one as it is, if nothing is wrong with it in itself: one that was redacted where
    /// the database was not to be reached, or was noted before states were.
    /// </summary>
    /// <exception cref="ForeignArchiveException">The database has no note of it.</exception>
    /// <exception cref="PartitionArchiveException">It cannot be read at all.</exception>
    public async Task<VerificationReport> AcceptAsync(string name, CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.OpenAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        var archive = await OpenAsync(name, mayLackKey: false, cancellationToken);
        var report = await new Verification(archive, _storage).RunAsync(cancellationToken);
        if (report.IsSound && !await new ArchiveRegister(connection, _schemaName)
            .AcceptAsync(archive.Manifest, cancellationToken))
            throw Foreign(connection, archive.Manifest);
        return report;
    }

    /// <summary>How many events of a stream an archive holds. Changes nothing.</summary>
    /// <exception cref="ArchiveHeldException">The stream is under legal hold.</exception>
    /// <exception cref="ArchiveRevisionException">The archive is not in the state that the database has
    /// noted.</exception>
    /// <exception cref="PartitionArchiveException">It cannot be read, or is of another database.</exception>
    public async Task<RedactionReport> PlanRedactionAsync(
        string name, RedactionRequest request, CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.OpenAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        var (_, holds) = await PrepareAsync(connection, name, request, cancellationToken);
        return new RedactionReport(name, holds.Events, []);
    }

    /// <summary>
    /// Erases a stream from an archive as <see cref="PartitionArchives"/> does, unless it is under legal hold, and
    /// notes the new state in the database: no older copy counts any more.
    /// </summary>
    /// <exception cref="ArchiveHeldException">The stream is under legal hold. Nothing was changed.</exception>
    /// <exception cref="ArchiveRevisionException">The archive is not in the state that the database has
    /// noted.</exception>
    /// <exception cref="PartitionArchiveException">It cannot be read, or is of another database.</exception>
    public async Task<RedactionReport> RedactAsync(
        string name, RedactionRequest request, CancellationToken cancellationToken = default)
    {
        using var activity = EventingDiagnostics.Activities.StartActivity("partition archive redact");
        activity?.SetTag("archive", name);
        await using var pinned = await PinnedConnection.OpenAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        var (archive, holds) = await PrepareAsync(connection, name, request, cancellationToken);
        var record = new RecordedRedaction(
            connection, _schemaName,
            token => holds.RequireNoneAsync(connection, _schemaName, keepWaiting: true, token));
        return await new Redaction(_storage, archive, request, _time, record).RunAsync(cancellationToken);
    }

    /// <summary>Whether <see cref="DropAsync"/> would remove an archive. Changes nothing.</summary>
    /// <exception cref="ArchiveHeldException">A stream in it is under legal hold.</exception>
    /// <exception cref="PartitionArchiveException">It cannot be read while holds stand, or is of another
    /// database.</exception>
    public async Task RequireDroppableAsync(string name, CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.OpenAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        await RequireStoreAsync(connection, cancellationToken);
        var holds = new ArchiveHolds(connection, _schemaName);
        var stand = await holds.AnyStandAsync(cancellationToken);
        OpenArchive archive;
        try
        {
            archive = await OpenAsync(name, mayLackKey: !stand, cancellationToken);
        }
        catch (ArchiveNotFoundException error) when (error.IsUnfinished)
        {
            return; // It counts for nothing.
        }
        catch (PartitionArchiveException error) when (!stand && error is not ArchiveNotFoundException)
        {
            return; // What cannot be read tells of no database; nothing is held in this one.
        }

        if (!await IsNotedAsync(connection, archive.Manifest, cancellationToken))
            throw Foreign(connection, archive.Manifest);
        if (stand)
            await holds.RequireNoneAsync(archive, cancellationToken);
    }

    /// <summary>
    /// Removes an archive as <see cref="PartitionArchives"/> does, unless something in it is under legal hold.
    /// </summary>
    /// <exception cref="ArchiveHeldException">A stream in it is under legal hold. Nothing was changed.</exception>
    /// <exception cref="PartitionArchiveException">It cannot be read while holds stand, or is of another
    /// database.</exception>
    public async Task DropAsync(string name, CancellationToken cancellationToken = default)
    {
        await RequireDroppableAsync(name, cancellationToken);
        await new PartitionArchives(_storage, _key).DropAsync(name, cancellationToken);
    }

    private async Task<(OpenArchive Archive, StreamHolds Holds)> PrepareAsync(
        NpgsqlConnection connection, string name, RedactionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var archive = await OpenAsync(name, mayLackKey: false, cancellationToken);
        await RequireKnownAsync(connection, archive.Manifest, cancellationToken);
        var holds = await StreamHolds.ReadAsync(archive, request.Validated(), cancellationToken);
        await holds.RequireNoneAsync(connection, _schemaName, keepWaiting: false, cancellationToken);
        return (archive, holds);
    }

    private Task<OpenArchive> OpenAsync(string name, bool mayLackKey, CancellationToken cancellationToken) =>
        OpenArchive.OpenAsync(_storage, name, _key, mayLackKey, cancellationToken);

    private async Task RequireKnownAsync(
        NpgsqlConnection connection, ArchiveManifest manifest, CancellationToken cancellationToken)
    {
        await RequireStoreAsync(connection, cancellationToken);
        if (await new ArchiveRegister(connection, _schemaName).StandingAsync(manifest, cancellationToken)
            is ArchiveStanding.Unknown or ArchiveStanding.NoRegister)
            throw Foreign(connection, manifest);
    }

    /// <summary>Whether it is of this database, in whatever state.</summary>
    private async Task<bool> IsNotedAsync(
        NpgsqlConnection connection, ArchiveManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            return await new ArchiveRegister(connection, _schemaName).StandingAsync(manifest, cancellationToken)
                is ArchiveStanding.Noted or ArchiveStanding.WithoutSeal;
        }
        catch (ArchiveRevisionException)
        {
            return true;
        }
    }

    private async Task RequireStoreAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        _ = await StoreShape.FindAsync(connection, _schemaName, cancellationToken)
            ?? throw new StoreNotFoundException(_schemaName, connection.Database);

    private ForeignArchiveException Foreign(NpgsqlConnection connection, ArchiveManifest manifest) =>
        ForeignArchiveException.NotNoted(manifest, connection.Database, _schemaName);
}
