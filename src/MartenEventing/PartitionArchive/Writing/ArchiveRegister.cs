using MartenEventing.PartitionArchive.Redacting;
using MartenEventing.Schema;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>
/// The database's own list of the archives made from it, and of the state that each is in; a store that has no such
/// table, or an older one, does without.
/// </summary>
internal sealed class ArchiveRegister(NpgsqlConnection connection, string schemaName)
{
    private readonly string _table = $"{SqlText.Quote(schemaName)}.mt_partition_archives";

    public async Task NoteAsync(ArchiveManifest manifest, string location, CancellationToken cancellationToken)
    {
        if (await ColumnsAsync(cancellationToken) is not { IsThere: true } table)
            return;
        await using var command = Command(
            $"""
             INSERT INTO {_table} (id, name, location, partition, tenant, lower_bound, upper_bound, first_seq, last_seq,
                                   events, streams{(table.HasSeals ? ", revision, seal" : "")})
             VALUES ($1, $2, $3, $4, $5, coalesce($6, '-infinity'), coalesce($7, 'infinity'), $8, $9, $10, $11
                     {(table.HasSeals ? ", $12, $13" : "")})
             """,
            (NpgsqlDbType.Uuid, manifest.Id), (NpgsqlDbType.Text, manifest.Name), (NpgsqlDbType.Text, location),
            (NpgsqlDbType.Text, manifest.Partition), (NpgsqlDbType.Text, manifest.Tenant),
            (NpgsqlDbType.TimestampTz, manifest.From), (NpgsqlDbType.TimestampTz, manifest.To),
            (NpgsqlDbType.Bigint, manifest.FirstSequence), (NpgsqlDbType.Bigint, manifest.LastSequence),
            (NpgsqlDbType.Bigint, manifest.Events), (NpgsqlDbType.Bigint, manifest.Streams));
        if (table.HasSeals)
            Add(command, (NpgsqlDbType.Integer, manifest.Revision), (NpgsqlDbType.Text, manifest.Seal));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Notes that an archive is sound and the same as the database, in the state that it is in.</summary>
    public async Task NoteVerifiedAsync(ArchiveManifest manifest, CancellationToken cancellationToken)
    {
        if (await ColumnsAsync(cancellationToken) is not { IsThere: true } table)
            return;
        await using var command = Command(
            $"UPDATE {_table} SET verified = now() WHERE id = $1", (NpgsqlDbType.Uuid, manifest.Id));
        await command.ExecuteNonQueryAsync(cancellationToken);
        if (table.HasSeals)
            await SettleAsync(manifest, "(seal IS NULL OR next_seal = $3)", cancellationToken);
    }

    /// <summary>Takes an archive as it is for the right one. False where the database has no note of it.</summary>
    public async Task<bool> AcceptAsync(ArchiveManifest manifest, CancellationToken cancellationToken) =>
        (await ColumnsAsync(cancellationToken)).HasSeals && await SettleAsync(manifest, "true", cancellationToken);

    /// <summary>Takes what a redaction that was broken off has put in place for the right one.</summary>
    public async Task GoOnAsync(ArchiveManifest manifest, CancellationToken cancellationToken)
    {
        if ((await ColumnsAsync(cancellationToken)).HasSeals)
            await SettleAsync(manifest, "next_seal = $3", cancellationToken);
    }

    /// <summary>What the database knows of an archive.</summary>
    /// <exception cref="ArchiveRevisionException">It knows it in another state.</exception>
    public async Task<ArchiveStanding> StandingAsync(ArchiveManifest manifest, CancellationToken cancellationToken)
    {
        if (await ColumnsAsync(cancellationToken) is not { IsThere: true } table)
            return ArchiveStanding.NoRegister;
        await using var command = Command(
            $"SELECT {(table.HasSeals ? "revision, seal, next_seal" : "NULL::int, NULL, NULL")} FROM " +
            $"{_table} WHERE id = $1",
            (NpgsqlDbType.Uuid, manifest.Id));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return ArchiveStanding.Unknown;
        if (reader.IsDBNull(1))
            return ArchiveStanding.WithoutSeal;
        var (revision, seal) = (reader.GetInt32(0), reader.GetString(1));
        return manifest.Seal == seal || (!reader.IsDBNull(2) && manifest.Seal == reader.GetString(2))
            ? ArchiveStanding.Noted
            : throw new ArchiveRevisionException(manifest.Name, manifest.Revision, manifest.Seal!, revision, seal);
    }

    /// <summary>
    /// Announces the next state, so that it is known whatever happens when it is there. False without a note.
    /// </summary>
    /// <exception cref="ArchiveRevisionException">The database knows the archive in another state.</exception>
    /// <exception cref="IOException">Somebody else changes it at the moment.</exception>
    public async Task<bool> AnnounceAsync(
        ArchiveManifest from, ArchiveManifest to, CancellationToken cancellationToken)
    {
        if (!(await ColumnsAsync(cancellationToken)).HasSeals
            || await StandingAsync(from, cancellationToken) == ArchiveStanding.Unknown)
            return false;
        await using var command = Command(
            $"""
             UPDATE {_table} SET revision = $2, seal = $3, next_seal = $4
              WHERE id = $1 AND (seal IS NULL OR seal = $3 OR next_seal = $3)
             """,
            (NpgsqlDbType.Uuid, from.Id), (NpgsqlDbType.Integer, from.Revision), (NpgsqlDbType.Text, from.Seal),
            (NpgsqlDbType.Text, to.Seal));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0
            ? true
            : throw Redaction.ChangedMeanwhile(from.Name);
    }

    /// <summary>Notes the state that was announced. False where somebody else has announced another.</summary>
    public Task<bool> AdvanceAsync(ArchiveManifest to, CancellationToken cancellationToken) =>
        SettleAsync(to, "next_seal = $3", cancellationToken);

    private async Task<bool> SettleAsync(
        ArchiveManifest manifest, string condition, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
             UPDATE {_table} SET revision = $2, seal = $3, next_seal = NULL, first_seq = $4, last_seq = $5, events = $6,
                    streams = $7 WHERE id = $1 AND {condition}
             """,
            (NpgsqlDbType.Uuid, manifest.Id), (NpgsqlDbType.Integer, manifest.Revision),
            (NpgsqlDbType.Text, manifest.Seal), (NpgsqlDbType.Bigint, manifest.FirstSequence),
            (NpgsqlDbType.Bigint, manifest.LastSequence), (NpgsqlDbType.Bigint, manifest.Events),
            (NpgsqlDbType.Bigint, manifest.Streams));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private NpgsqlCommand Command(string sql, params (NpgsqlDbType Type, object? Value)[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        Add(command, values);
        return command;
    }

    private static void Add(NpgsqlCommand command, params (NpgsqlDbType Type, object? Value)[] values)
    {
        foreach (var (type, value) in values)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
    }

    private async Task<(bool IsThere, bool HasSeals)> ColumnsAsync(CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT t IS NOT NULL,
                   EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = t AND a.attname = 'next_seal')
              FROM to_regclass($1) t
            """,
            (NpgsqlDbType.Text, _table));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetBoolean(0), reader.GetBoolean(1));
    }
}
