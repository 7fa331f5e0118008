using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using MartenEventing.PartitionArchive;
using MartenEventing.PartitionArchive.Redacting;
using MartenEventing.PartitionArchive.Writing;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MartenEventing.Retention;

/// <summary>
/// Archives what a run has chosen, and verifies the archive by reading it back and comparing it with the database,
/// before anything goes: the streams that end, whole, wherever their events lie; under cut, the partition.
/// </summary>
internal sealed class RetentionArchive(
    NpgsqlDataSource dataSource, string schemaName, IArchiveStorage storage, ArchiveKey? key, TimeProvider time,
    ILogger logger)
{
    /// <summary>Null when the archive is written and verified, or nothing goes; else why nothing may go.</summary>
    public async Task<RetentionGate?> EnsureAsync(
        PoliteSession session, RetentionRecord run, bool cut, CancellationToken cancellationToken)
    {
        if (run.Archive is not null)
            return null;
        await using var pinned = await PinnedConnection.OpenAsync(dataSource, cancellationToken);
        var connection = pinned.Connection;
        VerificationReport report;
        await using (await SourceSnapshot.BeginAsync(connection, cancellationToken))
        {
            var selection = await SelectAsync(connection, session.Schema, run, cut, cancellationToken);
            if (selection is null)
                return null;
            var writer = new PartitionArchiveWriter(
                dataSource, schemaName, storage, new ArchiveOptions { Key = key }, time, logger);
            var written = await writer.CreateAsync(connection, selection, cancellationToken);
            report = await new PartitionArchives(storage, key).VerifyAsync(
                written.Name, connection, schemaName, selection.StreamTable, cancellationToken);
        }

        if (!report.IsSound)
            return new RetentionGate(
                RetentionGateKind.Archive, run.Leaves.FirstOrDefault(),
                $"its archive {report.Manifest.Name} in {storage.Location} is not sound: " +
                $"{report.Problems[0].Describe()}",
                "Look at the storage, and try again: the archive is then written anew");
        var register = new ArchiveRegister(connection, schemaName);
        await register.NoteAsync(report.Manifest, storage.Location, cancellationToken);
        await register.NoteVerifiedAsync(report.Manifest, cancellationToken);
        await NoteAsync(session, run, report.Manifest, cancellationToken);
        if (run.StaleArchive is { } stale)
            await DropAsync(stale, cancellationToken);
        return null;
    }

    /// <summary>
    /// When all is in place, or given up: what lives on does not stay in the archive. Under coverage it may, whole,
    /// beside the events that are gone. Returns the archive's name, null when there is none any more.
    /// </summary>
    public async Task<string?> SettleAsync(
        PoliteSession session, RetentionRecord run, CancellationToken cancellationToken)
    {
        if (run.Archive is null || !run.IsOfWholeStreams)
            return run.Archive;
        try
        {
            await using var pinned = await PinnedConnection.OpenAsync(dataSource, cancellationToken);
            var connection = pinned.Connection;
            var record = new RecordedRedaction(connection, schemaName);
            return await new ArchiveTrim(new PartitionArchives(storage, key, time), record).RunAsync(
                session, run.Archive, run.Streams, cancellationToken);
        }
        catch (ArchiveNotFoundException)
        {
            return null; // given up before, or somewhere else now
        }
    }

    private async Task DropAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await new PartitionArchives(storage, key).DropAsync(name, cancellationToken);
        }
        catch (ArchiveNotFoundException)
        {
            // A run that was broken off had removed it.
        }
    }

    /// <summary>Null when nothing goes. A name of its own, so that what a crash has left is in nobody's way.</summary>
    private async Task<ArchiveSelection?> SelectAsync(
        NpgsqlConnection connection, string schema, RetentionRecord run, bool cut, CancellationToken cancellationToken)
    {
        var number = string.Create(
            CultureInfo.InvariantCulture, $"{run.Id}.{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
        if (cut)
            return new ArchiveSelection { Partition = run.Leaves[0], Name = $"{run.Leaves[0]}.{number}" };
        await using var command = new NpgsqlCommand(
            $"""
             SELECT EXISTS (SELECT FROM {schema}mt_retention_streams),
                    CASE WHEN isfinite(upper_bound) THEN upper_bound END FROM {schema}mt_retention_run WHERE id = $1
             """, connection);
        command.Parameters.AddWithValue(run.Id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return !reader.GetBoolean(0) ? null : new ArchiveSelection
        {
            Tenant = run.Tenant,
            To = reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
            Name = $"{(run.Leaves.Length > 0 ? run.Leaves[0] : "mt_events_streams")}.{number}",
            StreamTable = schema + "mt_retention_streams",
        };
    }

    private static async Task NoteAsync(
        PoliteSession session, RetentionRecord run, ArchiveManifest manifest, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"UPDATE {session.Schema}mt_retention_run SET archive = $1::text::jsonb WHERE id = $2", session.Connection);
        command.Parameters.AddWithValue(JsonSerializer.Serialize(new { name = manifest.Name, id = manifest.Id }));
        command.Parameters.AddWithValue(run.Id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
