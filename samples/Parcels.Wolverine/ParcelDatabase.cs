using MartenEventing.LocalPostgres;
using Npgsql;

namespace Parcels.Api;

/// <summary>
/// Where the parcels are kept: in the database of the connection string <c>Parcels</c> or, in development and where
/// there is none, on a private server that stops with the application that started it and keeps its data.
/// </summary>
public static class ParcelDatabase
{
    private const string Name = "parcels";
    private const string UseAnother = "To use a server that runs already, set ConnectionStrings__Parcels.";

    /// <summary>The connection string of the configuration.</summary>
    /// <exception cref="CannotStartException">There is none.</exception>
    public static string ConnectionString(IConfiguration configuration) =>
        Given(configuration) ?? throw new CannotStartException(
            "There is no connection string Parcels. Set ConnectionStrings__Parcels, for example to "
            + "\"Host=localhost;Database=parcels;Username=postgres\"; or set ASPNETCORE_ENVIRONMENT=Development, "
            + "where a private PostgreSQL is started instead.");

    /// <summary>Starts the private server where it is needed, and enters its database into the configuration.</summary>
    /// <returns>The server; null where a connection string is given.</returns>
    /// <exception cref="CannotStartException">
    /// There is no connection string, and this is not development or no server could be started.
    /// </exception>
    public static async Task<LocalServer?> StartWhereNoneIsGivenAsync(WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
            _ = ConnectionString(app.Configuration);
        if (Given(app.Configuration) is not null)
            return null;
        try
        {
            var server = await LocalServer.StartPersistentAsync(
                new LocalPostgresOptions { Name = Name, EndsWithProcess = true });
            await CreateAsync(server);
            app.Configuration["ConnectionStrings:Parcels"] = server.ConnectionStringFor(Name);
            return server;
        }
        catch (PostgresNotFoundException error)
        {
            // Its own message names the setting of the tool marten-eventing, which this application does not read.
            throw new CannotStartException(string.Join('\n',
            [
                "No usable PostgreSQL (initdb, pg_ctl and postgres of version 15 or newer) was found. Tried:",
                .. error.Steps.Select(step => $"  - {step.Way}: {step.Outcome}"),
                "Install PostgreSQL, or set MARTEN_EVENTING_PG_BIN to the folder that holds these programs.",
                UseAnother,
            ]));
        }
        catch (LocalServerException error)
        {
            throw new CannotStartException($"{error.Message}\n{UseAnother}");
        }
    }

    private static string? Given(IConfiguration configuration) =>
        configuration.GetConnectionString("Parcels") is { Length: > 0 } given ? given : null;

    private static async Task CreateAsync(LocalServer server)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using var known = source.CreateCommand($"select 1 from pg_database where datname = '{Name}'");
        if (await known.ExecuteScalarAsync() is not null)
            return;
        await using var create = source.CreateCommand($"create database {Name}");
        await create.ExecuteNonQueryAsync();
    }
}
