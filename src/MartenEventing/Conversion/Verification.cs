using System.Globalization;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>
/// Compares the partitioned copy with the plain table, partition by partition, each in one statement: what is written
/// to both meanwhile is seen in both or in neither.
/// </summary>
internal sealed class Verification(PoliteSession session, TimeProvider time)
{
    private const string MakeAnew =
        "Make the copy anew: marten-eventing convert rollback, then marten-eventing convert start --way shadow.";

    private sealed record Partition(uint Leaf, string Name, string Bounds);

    /// <summary>
    /// Before the switch. Partitions found alike by a former call are left out, except for those still being written
    /// to.
    /// </summary>
    /// <exception cref="ConversionDifferenceException">They differ.</exception>
    /// <exception cref="ConversionStateException">The plain table has been altered since the copy was made.</exception>
    public async Task BeforeSwitchAsync(CancellationToken cancellationToken)
    {
        await RequireUnalteredAsync(cancellationToken);
        var open = await ListAsync(
            $"""
             p.upper_bound > {SqlText.Literal(time.GetUtcNow())} OR p.name <> ALL (
                 SELECT pg_catalog.unnest(c.verified) FROM {session.Schema}mt_conversion c
                  WHERE c.state IN ('backfilling', 'verified'))
             """, cancellationToken);
        await CompareAsync(open, "mt_compare_partition", MakeAnew, NoteAsync, cancellationToken);
    }

    /// <summary>The copy is still made like the plain table.</summary>
    /// <exception cref="ConversionStateException">The plain table has been altered since the copy was made.</exception>
    public Task RequireUnalteredAsync(CancellationToken cancellationToken) => RequireSameColumnsAsync(
        "true", ConversionState.Backfilling, $"Undo that, or make the copy anew. {MakeAnew}", cancellationToken);

    /// <summary>Before one of the two copies is dropped.</summary>
    /// <param name="state">How far the conversion has come: after the switch both are to hold the same, before it the
    /// copy, which is to go, must hold nothing that the plain table has not.</param>
    /// <param name="verb">What is to be done, as it is typed.</param>
    /// <param name="kept">The table that will be left.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ConversionDifferenceException">They differ.</exception>
    /// <exception cref="ConversionStateException">A table has been altered since the switch.</exception>
    public async Task BeforeDropAsync(
        ConversionState state, string verb, string kept, CancellationToken cancellationToken)
    {
        var switched = state == ConversionState.Switched;
        var settle =
            $"Settle it in the table that is wrong, then the same command again; or where {kept} is right as it "
            + $"stands: marten-eventing convert {verb} --accept-differences.";
        if (switched)
            await RequireSameColumnsAsync("d LIKE 'column %'", state, $"Undo that. {settle}", cancellationToken);
        var all = await ListAsync("true", cancellationToken);
        if (switched && all.Count == 0)
            throw new ConversionStateException(
                session.SchemaName, state,
                "the second copy of the events is not there, so nothing was dropped. Look at it: marten-eventing db "
                + $"status. {settle}");
        await CompareAsync(
            all, switched ? "mt_compare_partition" : "mt_compare_copied",
            $"See which: {RowsOf(switched)}. {settle}", null, cancellationToken);
    }

    private string RowsOf(bool switched) =>
        $"SELECT * FROM {session.Schema}mt_events e {(switched ? "FULL" : "RIGHT")} JOIN {session.Schema}"
        + $"{(switched ? "mt_events_plain" : "mt_events_shadow")} o USING (seq_id) WHERE e::text IS "
        + "DISTINCT FROM o::text";

    private async Task RequireSameColumnsAsync(
        string which, ConversionState state, string nextStep, CancellationToken cancellationToken)
    {
        var unlike = await session.ListAsync(
            $"SELECT * FROM {session.Schema}mt_shadow_differences() d WHERE {which}", cancellationToken);
        if (unlike.Count > 0)
            throw new ConversionStateException(
                session.SchemaName, state,
                $"mt_events has been altered since its copy was made: {string.Join(", ", unlike)}. {nextStep}");
    }

    private async Task CompareAsync(
        List<Partition> partitions, string function, string nextStep, Func<Partition, CancellationToken, Task>? note,
        CancellationToken cancellationToken)
    {
        var differences = new List<PartitionDifference>();
        for (var done = 0; done < partitions.Count; done++)
        {
            var name = partitions[done].Name;
            session.Report(new StepProgress(
                $"{ShadowSteps.Verify} {name}", Done: done, Left: partitions.Count - done));
            await session.ObserveAsync(ShadowSteps.Verify, StepMoment.Before);
            if (await DifferenceAsync(partitions[done], function, cancellationToken) is { } difference)
                differences.Add(difference);
            else if (note is not null)
                await note(partitions[done], cancellationToken);
            await session.ObserveAsync(ShadowSteps.Verify, StepMoment.Committed);
        }

        if (differences.Count > 0)
            throw new ConversionDifferenceException(session.SchemaName, differences, nextStep);
    }

    private async Task<List<Partition>> ListAsync(string which, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT p.leaf::oid, p.name, pg_get_expr(c.relpartbound, c.oid)
               FROM {session.Schema}mt_shadow_partitions() p JOIN pg_catalog.pg_class c ON c.oid = p.leaf
              WHERE {which} ORDER BY p.upper_bound
             """, session.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var partitions = new List<Partition>();
        while (await reader.ReadAsync(cancellationToken))
            partitions.Add(new Partition(reader.GetFieldValue<uint>(0), reader.GetString(1), reader.GetString(2)));
        return partitions;
    }

    private async Task<PartitionDifference?> DifferenceAsync(
        Partition partition, string function, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT * FROM {session.Schema}{function}({partition.Leaf}::regclass)"),
            session.Connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (plain, plainHash) = (reader.GetInt64(0), reader.GetString(1));
        var (copy, copyHash) = (reader.GetInt64(2), reader.GetString(3));
        return (plain, plainHash) == (copy, copyHash)
            ? null
            : new PartitionDifference(partition.Name, partition.Bounds, plain, plainHash, copy, copyHash);
    }

    private async Task NoteAsync(Partition partition, CancellationToken cancellationToken)
    {
        await using var note = new NpgsqlCommand(
            $"""
             UPDATE {session.Schema}mt_conversion SET verified = array_append(array_remove(verified, $1), $1),
                 changed = now()
              WHERE state IN ('backfilling', 'verified')
             """, session.Connection);
        note.Parameters.AddWithValue(partition.Name);
        await note.ExecuteNonQueryAsync(cancellationToken);
    }
}
