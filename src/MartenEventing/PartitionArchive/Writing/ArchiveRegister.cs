using MartenEventing.Schema;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>The database's own list of the archives made from it; a store that has no such table does without.</summary>
internal sealed class ArchiveRegister(NpgsqlConnection connection, string schemaName)
{
    private readonly string _table = $"{SqlText.Quote(schemaName)}.mt_partition_archives";

    public async Task NoteAsync(ArchiveManifest manifest, string location, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            return;
        await using var command = new NpgsqlCommand(
            $"""
             INSERT INTO {_table} (id, name, location, partition, tenant, lower_bound, upper_bound, first_seq, last_seq,
                                   events, streams)
             VALUES ($1, $2, $3, $4, $5, coalesce($6, '-infinity'), coalesce($7, 'infinity'), $8, $9, $10, $11)
             """,
            connection);
        Add(command, NpgsqlDbType.Uuid, manifest.Id);
        Add(command, NpgsqlDbType.Text, manifest.Name);
        Add(command, NpgsqlDbType.Text, location);
        Add(command, NpgsqlDbType.Text, manifest.Partition);
        Add(command, NpgsqlDbType.Text, manifest.Tenant);
        Add(command, NpgsqlDbType.TimestampTz, manifest.From);
        Add(command, NpgsqlDbType.TimestampTz, manifest.To);
        Add(command, NpgsqlDbType.Bigint, manifest.FirstSequence);
        Add(command, NpgsqlDbType.Bigint, manifest.LastSequence);
        Add(command, NpgsqlDbType.Bigint, manifest.Events);
        Add(command, NpgsqlDbType.Bigint, manifest.Streams);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task NoteVerifiedAsync(Guid archive, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            return;
        await using var command = new NpgsqlCommand($"UPDATE {_table} SET verified = now() WHERE id = $1", connection);
        Add(command, NpgsqlDbType.Uuid, archive);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<bool> KnowsAsync(Guid archive, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(cancellationToken))
            return false;
        await using var command = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT FROM {_table} WHERE id = $1)", connection);
        Add(command, NpgsqlDbType.Uuid, archive);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });

    private async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection);
        Add(command, NpgsqlDbType.Text, _table);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
