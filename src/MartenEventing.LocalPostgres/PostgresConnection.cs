namespace MartenEventing.LocalPostgres;

/// <summary>The connection to use where the user has given none.</summary>
public static class PostgresConnection
{
    /// <summary>The environment variable whose connection string goes before any local server.</summary>
    public const string Variable = "MARTEN_EVENTING_CONNECTION";

    /// <summary>The connection string in the environment; null when there is none.</summary>
    public static string? FromEnvironment => SearchPlaces.Variable(Variable);

    /// <summary>
    /// The connection string in the environment, else that of the persistent local server, which is started if need be.
    /// </summary>
    /// <exception cref="PostgresNotFoundException">No binaries were found.</exception>
    /// <exception cref="LocalServerException">The server could not be created or started.</exception>
    public static async Task<string> ResolveAsync(
        LocalPostgresOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (FromEnvironment is { } given)
            return given;
        await using var server = await LocalServer.StartPersistentAsync(options, cancellationToken);
        return server.ConnectionString;
    }
}
