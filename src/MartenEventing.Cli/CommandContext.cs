using System.CommandLine;
using MartenEventing.Cli.Output;
using MartenEventing.Events;
using MartenEventing.LocalPostgres;
using Npgsql;

namespace MartenEventing.Cli;

/// <summary>What a running command needs: its options, the database, where to write, the clock.</summary>
internal sealed class CommandContext(CliEnvironment environment, ParseResult result, CancellationToken cancellation)
    : IAsyncDisposable
{
    private NpgsqlDataSource? _dataSource;
    private SqlLog? _log;

    public CommandOutput Output { get; } = new(environment);

    public CancellationToken Cancellation => cancellation;

    public TimeProvider Time => environment.Time;

    public string Schema => result.GetValue(CommonOptions.Schema) ?? "public";

    /// <summary>The store of the schema, and of the tenant where the command takes one.</summary>
    public EventStoreOptions Store =>
        new() { SchemaName = Schema, TenantId = result.GetValue(CommonOptions.Tenant) };

    public bool Json => result.GetValue(CommonOptions.Json);

    public bool DryRun => result.GetValue(CommonOptions.DryRun);

    public bool ShowSql => result.GetValue(CommonOptions.ShowSql);

    /// <summary>The connection string that was given, or null: then a private local server does.</summary>
    public string? GivenConnection =>
        (result.GetValue(CommonOptions.Connection)
            ?? environment.Variable(PostgresConnection.Variable)) is { Length: > 0 } given
            ? given
            : null;

    public LocalPostgresOptions LocalPostgres => environment.LocalPostgres with { Logger = new TalkLogger(Output) };

    /// <summary>The statement that was begun last; null when there was none.</summary>
    public string? LastStatement => _log?.Last;

    /// <summary>How long a statement may take that does not lift the limit for itself.</summary>
    public TimeSpan CommandTimeout { get; private set; }

    public string? Variable(string name) => environment.Variable(name);

    public Stream OpenStandardInput() => environment.OpenInput();

    public T? Get<T>(Option<T> option) => result.GetValue(option);

    public T? Get<T>(Argument<T> argument) => result.GetValue(argument);

    /// <summary>
    /// The database to work on; the private local server is started when no connection was given. With
    /// <c>--show-sql</c> the statements it runs are told.
    /// </summary>
    public async Task<NpgsqlDataSource> DataSourceAsync() => _dataSource ??= Build(await ConnectionStringAsync());

    /// <summary>Asks before something that cannot be undone. True with <c>--yes</c>.</summary>
    /// <exception cref="UsageException">There is nobody to ask.</exception>
    public bool Confirm(string question)
    {
        if (result.GetValue(CommonOptions.Yes))
            return true;
        if (!environment.InIsTerminal)
            throw new UsageException($"{question} There is no terminal to answer on. To go ahead, add --yes.");
        environment.Error.Write(question + " [y/N] ");
        return environment.In.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    public async ValueTask DisposeAsync()
    {
        if (_dataSource is not null)
            await _dataSource.DisposeAsync();
    }

    private async Task<string> ConnectionStringAsync()
    {
        if (GivenConnection is { } given)
            return given;
        await using var server = await LocalServer.StartPersistentAsync(LocalPostgres, cancellation);
        return server.ConnectionString;
    }

    private NpgsqlDataSource Build(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(ConnectionText.Read(connectionString).ConnectionString);
        builder.ConnectionStringBuilder.ApplicationName ??= "marten-eventing";
        CommandTimeout = TimeSpan.FromSeconds(builder.ConnectionStringBuilder.CommandTimeout);
        builder.UseLoggerFactory(_log = new SqlLog(Output, ShowSql));
        try
        {
            return builder.Build();
        }
        catch (ArgumentException)
        {
            throw new UsageException(
                "The connection string has options that do not go together: see the page of Npgsql about them.");
        }
    }
}
