using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Check;

/// <summary>
/// Which statements mend what a check has found. Those on indexes come last: they may fail over duplicates.
/// </summary>
internal sealed class RepairPlan(NpgsqlDataSource dataSource, string schemaName)
{
    private const int StreamsAPage = 1000;

    private readonly string _schema = SqlText.Quote(schemaName);

    public async Task<IReadOnlyList<RepairStep>> OfAsync(CheckReport report, CancellationToken cancellationToken)
    {
        var plan = new List<RepairStep>();
        if (report.FoundBy("triggers") > 0)
            plan.Add(new("triggers", "Put up the store's triggers again", [$"SELECT {_schema}.mt_settle()"]));
        if (report.FoundBy("sequence") > 0)
            plan.Add(new(
                "sequence", "Set the sequence to the highest event", [$"SELECT {_schema}.mt_repair_sequence()"]));
        if (report.FoundBy("orphaned events") + report.FoundBy("stream versions") + report.FoundBy("stream bounds") > 0)
            plan.Add(new(
                "streams", $"Let mt_streams tell what the events say, {StreamsAPage} streams a transaction",
                [$"SELECT next_after, repaired FROM {_schema}.mt_repair_streams($1::text[], {StreamsAPage})"])
            {
                ByPage = true,
            });
        if (report.FoundBy("tags") > 0)
            plan.Add(new("tags", "Remove tags of events that are gone", [$"SELECT {_schema}.mt_repair_tags()"]));
        if (report.FoundBy("seals") > 0)
            plan.AddRange(await SealsAsync(cancellationToken));
        if (report.FoundBy("stream indexes") > 0)
            plan.AddRange(await IndexesAsync(cancellationToken));
        if (report.FoundBy(CheckKind.PastTheGuard) is > 0 and var passed
            && (report.IsClean || plan.Count == 0 && IsMended(report)))
            plan.Add(new(
                CheckKind.PastTheGuard, $"Note that the {passed} events past the guard were found in order",
                [$"SELECT {_schema}.mt_note_checked({passed})"]));
        return plan;
    }

    /// <summary>What is left is told by every check, whether rows come in past the guard or not.</summary>
    private static bool IsMended(CheckReport report) =>
        report.Findings.All(finding => finding is { Found: 0 } or { IsFault: false } or { Repair: null });

    private async Task<List<RepairStep>> SealsAsync(CancellationToken cancellationToken)
    {
        var steps = new List<RepairStep>();
        foreach (var (tenant, leaf) in await ReadAsync(
            $"SELECT tenant, leaf_name FROM {_schema}.mt_seals_to_mend()",
            row => (row.IsDBNull(0) ? null : row.GetString(0), row.GetString(1)), cancellationToken))
        {
            var inHand = tenant is null ? "" : $"{_schema}.mt_use_tenant({SqlText.Literal(tenant)}, true), ";
            steps.Add(new(
                "seals", $"Seal {leaf} anew",
                [$"SELECT {inHand}{_schema}.mt_seal_partition({SqlText.Literal(leaf)})"]));
            steps.Add(new(
                "seals", $"Validate the claim of {leaf}",
                [$"ALTER TABLE {_schema}.{SqlText.Quote(leaf)} VALIDATE CONSTRAINT mt_sealed"])
            {
                InTransaction = false,
            });
        }

        return steps;
    }

    private async Task<IEnumerable<RepairStep>> IndexesAsync(CancellationToken cancellationToken) =>
        from mend in await ReadAsync(
            $"SELECT leaf_name, statements FROM {_schema}.mt_indexes_to_mend() WHERE statements IS NOT NULL",
            row => (Leaf: row.GetString(0), Statements: row.GetFieldValue<string[]>(1)), cancellationToken)
        select new RepairStep("stream indexes", $"Make the unique index of {mend.Leaf}", mend.Statements)
        {
            InTransaction = false,
        };

    private async Task<List<T>> ReadAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var pinned = await PinnedConnection.BeginAsync(dataSource, cancellationToken);
        await using var command = new NpgsqlCommand(sql, pinned.Connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }
}
