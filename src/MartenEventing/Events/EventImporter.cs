using System.Threading.Channels;
using MartenEventing.Events.Connecting;
using MartenEventing.Events.Importing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.Events;

/// <summary>
/// Imports events in bulk, with the times at which they happened, from lines of JSON (docs/import.md), plain or gzip.
/// The lines may come in any order of time; within a stream, versions follow the order of the lines. Memory stays
/// bounded, whatever the length of the input. Needs two direct connections, or a pooler in session mode.
/// </summary>
public sealed class EventImporter
{
    private readonly StoreSession _session;

    /// <summary>Prepares; the database is not touched yet.</summary>
    /// <param name="dataSource">Where the store is.</param>
    /// <param name="options">How the store is used. Default: all defaults.</param>
    /// <param name="logger">Told of retries and of events too old for a partition of their own. Default: none.</param>
    /// <param name="clock">For waiting; never for timestamps. Default: the system's.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EventImporter(
        NpgsqlDataSource dataSource, EventStoreOptions? options = null, ILogger? logger = null,
        TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        _session = new StoreSession(
            dataSource, (options ?? new()).Validated(), logger ?? NullLogger.Instance, clock ?? TimeProvider.System);
    }

    /// <summary>
    /// Imports, a batch in a transaction; interrupted in whatever way, it goes on behind the last batch stored when it
    /// is called again with the same input or the same <see cref="ImportOptions.Source"/>.
    /// </summary>
    /// <param name="input">The lines, from where the stream is. Stays open.</param>
    /// <param name="options">How to go about it. Default: all defaults.</param>
    /// <param name="cancellationToken">Cancelled, the import keeps what whole batches have stored.</param>
    /// <exception cref="InvalidImportLineException">A line is no event and is not set aside.</exception>
    /// <exception cref="ImportInProgressException">Somebody else imports the same source.</exception>
    /// <exception cref="EventStoreSchemaException">The schema of the store is not complete.</exception>
    public async Task<ImportReport> ImportAsync(
        Stream input, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options = (options ?? new()).Validated();
        var named = options.Source ?? await ImportInput.NameAsync(input, cancellationToken);
        var source = named ?? $"unnamed {Guid.CreateVersion7()}";
        var identity = (await _session.ShapeAsync(cancellationToken)).StreamIdentity;
        var progress = new StoredProgress(_session, source, identity);
        await using var first = new ImportConnection(_session, new SourceLock(_session, source));
        await using var second = new ImportConnection(_session);
        var (done, history) = await _session.RetryAsync(
            token => BeginAsync(first, progress, options, token), cancellationToken);

        using var lines = await ImportInput.OpenAsync(input, cancellationToken);
        var writer = new BatchWriter(_session, [first, second], progress, history, options);
        var reader = new BatchReader(lines, done, source, options, identity, _session.Scope.Tenant);
        var batches = reader.ReadAsync(cancellationToken);
        await PassAsync(batches, writer, cancellationToken);
        if (named is null)
            await progress.ForgetAsync(await first.ConnectAsync(cancellationToken), cancellationToken);
        return new ImportReport
        {
            Source = source,
            Lines = lines.Lines.Number,
            LinesDoneBefore = done.Lines,
            InvalidLines = writer.Tally.InvalidLines,
            Events = writer.Tally.Events,
            NewStreams = writer.Tally.NewStreams,
            Earliest = writer.Tally.Earliest,
            Latest = writer.Tally.Latest,
            PartitionsMade = history.Made,
            EventsInHead = writer.Tally.EventsInHead,
        };
    }

    /// <summary>Reads the input to its end and tells what importing it would store. Changes nothing.</summary>
    /// <param name="input">The lines, from where the stream is. Stays open.</param>
    /// <param name="options">How to go about it. What is set aside is counted only. Default: all defaults.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="InvalidImportLineException">A line is no event and is not set aside.</exception>
    /// <exception cref="EventStoreSchemaException">The schema of the store is not complete.</exception>
    public async Task<ImportPlan> PlanAsync(
        Stream input, ImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        options = (options ?? new()).Validated();
        var source = options.Source ?? await ImportInput.NameAsync(input, cancellationToken) ?? "unnamed";
        var identity = (await _session.ShapeAsync(cancellationToken)).StreamIdentity;
        var progress = new StoredProgress(_session, source, identity);
        var (done, history) = await _session.RunPinnedAsync(
            async (connection, token) => (
                options.Restart ? ImportState.Nothing : await progress.ReadAsync(connection, token),
                await HistoryPartitions.FindAsync(
                    _session, connection, options.HistoryPeriods, make: false, token)),
            cancellationToken);

        using var lines = await ImportInput.OpenAsync(input, cancellationToken);
        var survey = new ImportSurvey(history.Floor);
        var reader = new BatchReader(lines, done, source, options, identity, _session.Scope.Tenant);
        var batches = reader.ReadAsync(cancellationToken);
        await foreach (var batch in batches)
            using (batch)
                survey.Add(batch);
        var partitions = await _session.RunPinnedAsync(
            (connection, token) => history.PlanAsync(connection, survey.EarliestOfOwn, token), cancellationToken);
        return survey.Plan(source, lines.Lines.Number, done.Lines, partitions, _session.Prefix);
    }

    private async Task<(ImportState Done, HistoryPartitions History)> BeginAsync(
        ImportConnection claim, StoredProgress progress, ImportOptions options, CancellationToken cancellationToken)
    {
        var connection = await claim.ConnectAsync(cancellationToken);
        if (options.Restart)
            await progress.ForgetAsync(connection, cancellationToken);
        var done = await progress.ReadAsync(connection, cancellationToken);
        var history = await HistoryPartitions.FindAsync(
            _session, connection, options.HistoryPeriods, make: true, cancellationToken);
        return (done, history);
    }

    /// <summary>One batch is read while the one before is stored.</summary>
    private static async Task PassAsync(
        IAsyncEnumerable<ImportBatch> batches, BatchWriter writer, CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<ImportBatch>(1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadAsync(batches, channel.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in channel.Reader.ReadAllAsync(cancellationToken))
                using (batch)
                    await writer.WriteAsync(batch, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private static async Task ReadAsync(
        IAsyncEnumerable<ImportBatch> batches, ChannelWriter<ImportBatch> channel, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in batches.WithCancellation(cancellationToken))
                await channel.WriteAsync(batch, cancellationToken);
            channel.Complete();
        }
        catch (Exception error)
        {
            channel.Complete(error);
        }
    }
}
