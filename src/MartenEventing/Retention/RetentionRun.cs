using MartenEventing.Diagnostics;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using Npgsql;

namespace MartenEventing.Retention;

/// <summary>
/// Carries out a verdict, partition by partition. Its state lies in the database: killed at any moment, the next one
/// goes on or takes up anew what has not been put in place.
/// </summary>
internal sealed class RetentionRun(
    PoliteSession session, RetentionOptions options, Func<Task<RetentionVerdict>> decide, TimeProvider time)
{
    private const int MostCopies = 3;
    private const string Stale = "MT011";
    private const string Altered = "MT012";
    private static readonly TimeSpan SlotPatience = TimeSpan.FromSeconds(5);

    private readonly List<ExpiredPartition> _expired = [];
    private readonly List<RetentionGate> _gates = [];
    private RetentionVerdict _verdict = null!;
    private RetentionRequest _request = null!;

    public IReadOnlyList<ExpiredPartition> Expired => _expired;

    public IReadOnlyList<RetentionGate> Gates => _gates;

    public long EventsElsewhere { get; private set; }

    public long StreamsElsewhere { get; private set; }

    /// <summary>
    /// Writes and verifies the partition archive of what has been chosen; null when none is asked for.
    /// </summary>
    public RetentionArchive? Archive { get; init; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await DecideAsync();
        if (await RetentionRecord.FindAsync(session, _request, cancellationToken) is { } run)
            await SettleAsync(run, cancellationToken);
        _gates.AddRange(_verdict.Gates);
        foreach (var leaf in _verdict.Partitions)
            if (!await ExpireAsync(leaf, cancellationToken))
                return;
        var sweep = SweepRequest();
        if (sweep is not null)
            await SweepAsync(sweep, cancellationToken);
    }

    /// <summary>Finishes what was put in place, or abandons what does not fit any more.</summary>
    private async Task SettleAsync(RetentionRecord run, CancellationToken cancellationToken)
    {
        if (run is { IsInPlace: true, Leaves.Length: > 0 })
        {
            await FinishAsync(run, cancellationToken);
            await DecideAsync();
        }
        else if (run is not { IsPrepared: true, Leaves.Length: 1, Fits: true }
                 || _verdict.Partitions.FirstOrDefault() != run.Leaves[0])
        {
            await SettleArchiveAsync(run, cancellationToken);
            await EndAsync(cancellationToken);
        }
    }

    private async Task DecideAsync()
    {
        _verdict = await decide();
        _request = RetentionRequest.Of(options, _verdict, _verdict.Floor);
    }

    /// <summary>False when it is kept.</summary>
    private async Task<bool> ExpireAsync(string leaf, CancellationToken cancellationToken)
    {
        using var activity = EventingDiagnostics.Activities.StartActivity("retention expire");
        activity?.SetTag("partition", leaf);
        if (await IsGatedAsync([leaf], null, cancellationToken))
            return false;
        var run = await RetentionRecord.FindAsync(session, _request, cancellationToken)
            ?? await PrepareAsync(leaf, cancellationToken);
        if (run.IsPrepared && !await ArchiveAsync(run, cancellationToken))
            return false;
        if (run.State == "chosen")
        {
            if (!options.Cut)
                await RemoveAsync(cancellationToken);
            await CopyAsync(cancellationToken);
        }

        run = (await RetentionRecord.FindAsync(session, _request, cancellationToken))!;
        if (run.State == "dropped")
            _expired.Add(new ExpiredPartition(leaf, 0, 0, run.Carried, TimeSpan.Zero) { Tenant = run.Tenant });
        else if (!await SwapAsync(run, leaf, cancellationToken))
            return false;
        await FinishAsync(
            (await RetentionRecord.FindAsync(session, _request, cancellationToken))!, cancellationToken);
        return true;
    }

    private async Task<RetentionRecord> PrepareAsync(string leaf, CancellationToken cancellationToken)
    {
        var seal = await session.ReadAsync<string>(
            $"SELECT seal FROM {session.Schema}mt_partitions() WHERE name = '{leaf}'", cancellationToken);
        if (seal != "sealed")
        {
            if (seal != "claimed")
                await LockAsync(RetentionSteps.Seal, RetentionSteps.SealSql(session.Schema, leaf), cancellationToken);
            await session.RunAsync(
                RetentionSteps.ValidateSeal, RetentionSteps.ValidateSealSql(session.Schema, leaf), cancellationToken);
        }

        await BeginAsync(_request, [leaf], cancellationToken);
        return (await RetentionRecord.FindAsync(session, _request, cancellationToken))!;
    }

    private async Task BeginAsync(RetentionRequest request, string[] leaves, CancellationToken cancellationToken)
    {
        await LockAsync(
            RetentionSteps.Begin, RetentionSteps.BeginSql(session.Schema, request, leaves), cancellationToken);
        await session.RunAsync(
            RetentionSteps.Choose, RetentionSteps.ChooseSql(session.Schema), cancellationToken);
    }

    private async Task<bool> ArchiveAsync(RetentionRecord run, CancellationToken cancellationToken)
    {
        if (Archive is null)
            return true;
        await session.ObserveAsync(RetentionSteps.Archive, StepMoment.Before);
        var gate = await Archive.EnsureAsync(session, run, options.Cut, cancellationToken);
        await session.ObserveAsync(RetentionSteps.Archive, StepMoment.Committed);
        if (gate is not null)
            _gates.Add(gate);
        return gate is null;
    }

    /// <summary>Streams that have no event in the partitions go in batches.</summary>
    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (row, took) = await LockAsync(
                RetentionSteps.Remove, RetentionSteps.RemoveSql(session.Schema, RetentionSteps.StreamsABatch),
                cancellationToken);
            if ((long)row[0]! == 0)
                return;
            EventsElsewhere += (long?)row[1] ?? 0;
            StreamsElsewhere += (long?)row[2] ?? 0;
            await session.RestAsync(took, options.BatchShare, cancellationToken);
        }
    }

    private async Task CopyAsync(CancellationToken cancellationToken)
    {
        var (row, _) = await LockAsync(RetentionSteps.Keep, RetentionSteps.KeepSql(session.Schema), cancellationToken);
        if ((bool)row[0]!)
            return;
        await CopyAnewAsync(cancellationToken);
    }

    private async Task CopyAnewAsync(CancellationToken cancellationToken)
    {
        await session.RunAsync(RetentionSteps.Copy, RetentionSteps.CopySql(session.Schema), cancellationToken);
        try
        {
            for (var round = 0; round < 10; round++)
                if (await session.ReadAsync<long>(RetentionSteps.CatchUpSql(session.Schema), cancellationToken) < 100)
                    return;
        }
        catch (PostgresException error) when (error.SqlState == Altered)
        {
            // The swap finds that, too, and has it copied once more.
        }
    }

    private async Task<bool> SwapAsync(RetentionRecord run, string leaf, CancellationToken cancellationToken)
    {
        if (await IsGatedAsync([leaf], run.Lsn, cancellationToken))
            return false;
        var anew = 0;
        while (true)
        {
            if (options.Cut && run.Archive is null && !await ArchiveAsync(run, cancellationToken))
                return false;
            try
            {
                run = (await RetentionRecord.FindAsync(session, _request, cancellationToken))!;
                var (row, _) = await LockAsync(
                    RetentionSteps.Swap, RetentionSteps.SwapSql(session.Schema), cancellationToken);
                _expired.Add(new ExpiredPartition(
                    leaf, (long)row[0]!, (long)row[1]!, run.Carried, (TimeSpan)row[2]!, run.Archive)
                {
                    Tenant = run.Tenant,
                });
                return true;
            }
            catch (PostgresException error) when (error.SqlState == Altered && anew++ < MostCopies)
            {
                await CopyAnewAsync(cancellationToken);
            }
            catch (PostgresException error) when (error.SqlState == Stale)
            {
                await session.ReadAsync<long>(RetentionSteps.CatchUpSql(session.Schema), cancellationToken);
                run = (await RetentionRecord.FindAsync(session, _request, cancellationToken))!;
            }
        }
    }

    /// <summary>What was archived and lives on does not stay in the archive.</summary>
    private async Task SettleArchiveAsync(RetentionRecord run, CancellationToken cancellationToken)
    {
        if (Archive is not null && await Archive.SettleAsync(session, run, cancellationToken) is null
            && _expired.Count > 0)
            _expired[^1] = _expired[^1] with { Archive = null };
    }

    /// <summary>What is left to do when all is in place: drop, merge, end.</summary>
    private async Task FinishAsync(RetentionRecord run, CancellationToken cancellationToken)
    {
        if (run.State == "swapped")
            await session.RunAsync(RetentionSteps.Drop, RetentionSteps.DropSql(session.Schema), cancellationToken);
        await new RetentionMerge(session, options).RunAsync(run, cancellationToken);
        await SettleArchiveAsync(run, cancellationToken);
        await EndAsync(cancellationToken);
    }

    private Task EndAsync(CancellationToken cancellationToken) =>
        LockAsync(RetentionSteps.End, RetentionSteps.EndSql(session.Schema), cancellationToken);

    /// <summary>
    /// Streams that go from partitions that stay: those with a rule of a shorter age and, where no partition has gone,
    /// those that have ended in the head meanwhile.
    /// </summary>
    private RetentionRequest? SweepRequest()
    {
        var shorter = _verdict.Rules.Any(item => item.Floor > (_verdict.Edge ?? DateTimeOffset.MinValue));
        if (options.Cut || (!shorter && (_expired.Count > 0 || _verdict.Floor is null)))
            return null;
        return RetentionRequest.Of(options with { Covered = null }, _verdict, _verdict.SweepFloor);
    }

    private async Task SweepAsync(RetentionRequest request, CancellationToken cancellationToken)
    {
        using var activity = EventingDiagnostics.Activities.StartActivity("retention sweep");
        await BeginAsync(request, [], cancellationToken);
        var run = (await RetentionRecord.FindAsync(session, request, cancellationToken))!;
        if (await ArchiveAsync(run, cancellationToken) && !await IsGatedAsync([], run.Lsn, cancellationToken))
            await RemoveAsync(cancellationToken);
        await SettleArchiveAsync(
            (await RetentionRecord.FindAsync(session, request, cancellationToken))!, cancellationToken);
        await EndAsync(cancellationToken);
    }

    private async Task<bool> IsGatedAsync(string[] leaves, string? consumed, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var gates = await RetentionGates.FindAsync(session, leaves, options.Cut, consumed, cancellationToken);
            if (gates.Count == 0)
                return false;
            if (gates.All(gate => gate.Kind == RetentionGateKind.Replication)
                && time.GetElapsedTime(began) < SlotPatience)
            {
                await Task.Delay(SlotPatience / 20, time, cancellationToken);
                continue;
            }

            _gates.AddRange(gates);
            return true;
        }
    }

    private Task<(object?[] Row, TimeSpan Duration)> LockAsync(
        string step, string sql, CancellationToken cancellationToken) =>
        session.LockAsync(step, _ => sql, cancellationToken);
}
