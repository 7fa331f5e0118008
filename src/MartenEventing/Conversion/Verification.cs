using System.Globalization;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>
/// Compares the copy with the plain table, partition by partition. Those found alike by a former call are left out, except
/// for the ones that are still being written to.
/// </summary>
internal sealed class Verification(ConversionSession session, TimeProvider time)
{
    private sealed record Partition(uint Leaf, string Name);

    /// <exception cref="ConversionDifferenceException">They differ.</exception>
    /// <exception cref="ConversionStateException">The plain table has been altered since the copy was made.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var unlike = await session.ListAsync(
            $"SELECT * FROM {session.Schema}mt_shadow_differences()", cancellationToken);
        if (unlike.Count > 0)
            throw new ConversionStateException(
                session.SchemaName, ConversionState.Backfilling,
                $"mt_events has been altered since its copy was made: {string.Join(", ", unlike)}. Undo that, or make the copy "
                + "anew: marten-eventing convert rollback, then marten-eventing convert start --way shadow.");
        var open = await OpenAsync(cancellationToken);
        for (var done = 0; done < open.Count; done++)
        {
            session.Report(new ConversionProgress($"{ShadowSteps.Verify} {open[done].Name}", done, open.Count - done));
            await session.ObserveAsync(ShadowSteps.Verify, SessionMoment.Before);
            await CompareAsync(open[done], cancellationToken);
            await session.ObserveAsync(ShadowSteps.Verify, SessionMoment.Committed);
        }
    }

    private async Task<List<Partition>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT p.leaf::oid, p.name FROM {session.Schema}mt_shadow_partitions() p
              WHERE p.upper_bound > {SqlText.Literal(time.GetUtcNow())} OR p.name <> ALL (
                    SELECT unnest(c.verified) FROM {session.Schema}mt_conversion c
                     WHERE c.state IN ('backfilling', 'verified'))
             """, session.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var open = new List<Partition>();
        while (await reader.ReadAsync(cancellationToken))
            open.Add(new Partition(reader.GetFieldValue<uint>(0), reader.GetString(1)));
        return open;
    }

    private async Task CompareAsync(Partition partition, CancellationToken cancellationToken)
    {
        await using (var command = new NpgsqlCommand(
            string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT * FROM {session.Schema}mt_compare_partition({partition.Leaf}::regclass)"),
            session.Connection) { CommandTimeout = 0 })
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            var (plain, plainHash) = (reader.GetInt64(0), reader.GetString(1));
            var (copy, copyHash) = (reader.GetInt64(2), reader.GetString(3));
            if ((plain, plainHash) != (copy, copyHash))
                throw new ConversionDifferenceException(
                    session.SchemaName, partition.Name, plain, plainHash, copy, copyHash);
        }

        await using var note = new NpgsqlCommand(
            $"""
             UPDATE {session.Schema}mt_conversion SET verified = array_append(array_remove(verified, $1), $1), changed = now()
              WHERE state IN ('backfilling', 'verified')
             """, session.Connection);
        note.Parameters.AddWithValue(partition.Name);
        await note.ExecuteNonQueryAsync(cancellationToken);
    }
}
