using MartenEventing.PartitionArchive.Writing;
using Npgsql;

namespace MartenEventing.PartitionArchive.Redacting;

/// <summary>
/// Replaces a manifest so that the database knows which is the right one, whatever moment it is broken off at: the next
/// seal is announced, and noted as the only one with the manifest in place.
/// </summary>
/// <param name="connection">The database, in no transaction.</param>
/// <param name="schemaName">The schema of the store.</param>
/// <param name="refuse">Called before the manifest is replaced, in that transaction: what stands against it.</param>
internal sealed class RecordedRedaction(
    NpgsqlConnection connection, string schemaName, Func<CancellationToken, Task>? refuse = null)
{
    private readonly ArchiveRegister _register = new(connection, schemaName);

    public async Task ReplaceAsync(
        ArchiveManifest from, ArchiveManifest to, Func<Task> replace, CancellationToken cancellationToken)
    {
        var isNoted = await _register.AnnounceAsync(from, to, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (refuse is not null)
            await refuse(cancellationToken);
        if (isNoted && !await _register.AdvanceAsync(to, cancellationToken))
            throw Redaction.ChangedMeanwhile(from.Name);
        await replace();
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>There was nothing to replace any more: what was broken off behind the manifest is done.</summary>
    public Task GoOnAsync(ArchiveManifest manifest, CancellationToken cancellationToken) =>
        _register.GoOnAsync(manifest, cancellationToken);
}
