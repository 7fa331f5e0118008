using MartenEventing.Diagnostics;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.Retry;

namespace MartenEventing.Events.Connecting;

/// <summary>How a store reaches its database: connections, retries, prepared statements, what names a stream.</summary>
internal sealed class StoreSession
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    private readonly ResiliencePipeline _retries;
    private StoreShape? _shape;
    private TenantScope? _scope;

    public StoreSession(NpgsqlDataSource dataSource, EventStoreOptions options, ILogger logger, TimeProvider clock)
    {
        DataSource = dataSource;
        Options = options;
        Clock = clock;
        Logger = logger;
        Prefix = SqlText.Quote(options.SchemaName) + ".";
        _retries = BuildRetries();
    }

    public NpgsqlDataSource DataSource { get; }

    public EventStoreOptions Options { get; }

    public TimeProvider Clock { get; }

    public ILogger Logger { get; }

    /// <summary>The schema as an identifier with a dot behind it.</summary>
    public string Prefix { get; }

    /// <summary>Whose events; known to what <see cref="RunAsync"/> runs, or once the shape was read.</summary>
    public TenantScope Scope => _scope ?? throw new InvalidOperationException("The shape of the store was not read.");

    /// <summary>What kind of store it is; read from the catalogs at the first call.</summary>
    public async ValueTask<StoreShape> ShapeAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _shape) is { } known)
            return known;
        var shape = await RetryAsync(
            token => StoreShape.ReadAsync(DataSource, Options.SchemaName, token), cancellationToken);
        _scope = new TenantScope(
            Options.TenantId ?? TenantScope.DefaultTenant, shape.Tenancy == EventTenancy.Conjoined,
            shape.IsPartitionedByTenant);
        Volatile.Write(ref _shape, shape);
        return shape;
    }

    /// <exception cref="StreamIdentityMismatchException">The store names streams otherwise.</exception>
    public async ValueTask RequireIdentityAsync(StreamId stream, CancellationToken cancellationToken)
    {
        var identity = (await ShapeAsync(cancellationToken)).StreamIdentity;
        if (stream.Identity != identity)
            throw new StreamIdentityMismatchException(stream, identity);
    }

    /// <summary>
    /// Runs this on a connection, and again after a transient fault. Its search_path is that of the application, to
    /// spare a round trip: so SQL must qualify each name, operators too.
    /// </summary>
    /// <exception cref="EventStoreSchemaException">The schema is not complete.</exception>
    public async Task<T> RunAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        await ShapeAsync(cancellationToken);
        return await RetryAsync(async token =>
        {
            await using var connection = await DataSource.OpenConnectionAsync(token);
            return await run(connection, token);
        }, cancellationToken);
    }

    /// <summary>
    /// Runs what only reads in a transaction whose names are PostgreSQL's own, and again after a transient fault.
    /// </summary>
    /// <exception cref="EventStoreSchemaException">The schema is not complete.</exception>
    public async Task<T> RunPinnedAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        await ShapeAsync(cancellationToken);
        return await RetryAsync(async token =>
        {
            await using var pinned = await PinnedConnection.ReadAsync(DataSource, token, bounded: true);
            return await run(pinned.Connection, token);
        }, cancellationToken);
    }

    /// <summary>Runs this, and again after a transient fault.</summary>
    /// <exception cref="EventStoreSchemaException">The schema is not complete.</exception>
    public async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await _retries.ExecuteAsync(
                static async (state, token) => await state(token), run, cancellationToken);
        }
        catch (PostgresException error) when (Faults.IsSchemaIncomplete(error))
        {
            throw new EventStoreSchemaException(Options.SchemaName, error.MessageText, error);
        }
    }

    public Task PrepareAsync(NpgsqlCommand command, CancellationToken cancellationToken) =>
        Options.Prepare ? command.PrepareAsync(cancellationToken) : Task.CompletedTask;

    public Task PrepareAsync(NpgsqlBatch batch, CancellationToken cancellationToken) =>
        Options.Prepare ? batch.PrepareAsync(cancellationToken) : Task.CompletedTask;

    private ResiliencePipeline BuildRetries() => Options.Retries == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = Clock }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(Faults.IsTransient(arguments.Outcome.Exception)),
                MaxRetryAttempts = Options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = Options.RetryDelay,
                MaxDelay = LongestDelay,
                UseJitter = true,
                OnRetry = arguments =>
                {
                    var fault = arguments.Outcome.Exception!.Message;
                    LogMessages.TransientFault(Logger, arguments.AttemptNumber + 1, arguments.RetryDelay, fault);
                    return default;
                },
            })
            .Build();
}
