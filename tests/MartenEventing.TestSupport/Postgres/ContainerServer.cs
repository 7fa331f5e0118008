using DotNet.Testcontainers.Builders;
using Testcontainers.PostgreSql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>A PostgreSQL server in a container; Testcontainers removes it when the process has ended.</summary>
public static class ContainerServer
{
    private const string DefaultImage = "postgres:17-alpine";

    private static readonly Lazy<Task<string?>> Server = new(StartAsync);

    /// <summary>
    /// The connection string of its first database; null where no Docker answers. The image is that of
    /// MARTEN_EVENTING_PG_IMAGE, else postgres:17-alpine.
    /// </summary>
    public static Task<string?> ConnectionStringAsync() => Server.Value;

    private static async Task<string?> StartAsync()
    {
        var image = Environment.GetEnvironmentVariable("MARTEN_EVENTING_PG_IMAGE") is { Length: > 0 } given
            ? given
            : DefaultImage;
        try
        {
            var container = new PostgreSqlBuilder(image)
                .WithCommand([.. PostgresServer.Settings.Append(new("fsync", "off"))
                    .SelectMany(setting => (string[])["-c", $"{setting.Key}={setting.Value}"])])
                .Build();
            await container.StartAsync();
            return container.GetConnectionString();
        }
        catch (DockerUnavailableException)
        {
            return null;
        }
    }
}
