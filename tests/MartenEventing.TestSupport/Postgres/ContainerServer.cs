using Testcontainers.PostgreSql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>A PostgreSQL server in a container; Testcontainers removes it when the process has ended.</summary>
public static class ContainerServer
{
    private const string ImageVariable = "MARTEN_EVENTING_PG_IMAGE";
    private const string DefaultImage = "postgres:17-alpine";

    private static readonly Lazy<Task<string?>> Server = new(StartAsync);

    /// <summary>
    /// The connection string of its first database; null where Docker gives no server. The image is that of
    /// MARTEN_EVENTING_PG_IMAGE, else postgres:17-alpine.
    /// </summary>
    /// <exception cref="InvalidOperationException">Docker gives none, and an image was asked for.</exception>
    public static Task<string?> ConnectionStringAsync() => Server.Value;

    private static async Task<string?> StartAsync()
    {
        var given = Environment.GetEnvironmentVariable(ImageVariable) is { Length: > 0 } image ? image : null;
        try
        {
            return await StartAsync(given ?? DefaultImage);
        }
        catch (Exception error)
        {
            // No engine, a DOCKER_HOST that is none, a registry out of reach, a full disk: each is another exception.
            if (given is not null)
            {
                throw new InvalidOperationException(
                    $"{ImageVariable} is set to {given}, and Docker gives no such server: {Reason(error)}", error);
            }

            await Console.Error.WriteLineAsync(
                $"Docker gives no PostgreSQL, so the tests start a private server: {Reason(error)}");
            return null;
        }
    }

    private static async Task<string> StartAsync(string image)
    {
        var container = new PostgreSqlBuilder(image)
            .WithCommand([.. PostgresServer.Settings.Append(new("fsync", "off"))
                .SelectMany(setting => (string[])["-c", $"{setting.Key}={setting.Value}"])])
            .Build();
        await container.StartAsync();
        return container.GetConnectionString();
    }

    /// <summary>One line: the first of the innermost error.</summary>
    private static string Reason(Exception error)
    {
        var cause = error is AggregateException or TypeInitializationException ? error.GetBaseException() : error;
        return $"{cause.GetType().Name}: {cause.Message.Split('\n')[0].Trim()}";
    }
}
