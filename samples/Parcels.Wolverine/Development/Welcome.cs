using MartenEventing.LocalPostgres;

namespace Parcels.Api.Development;

/// <summary>What a developer who has just started the application wants to know.</summary>
public static class Welcome
{
    /// <summary>Prints it once the application listens. What is indented can be copied as it is.</summary>
    public static void SayWhenStarted(WebApplication app, LocalServer? server) =>
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            if (app.Urls.FirstOrDefault() is not { } url)
                return;
            Console.WriteLine(
                $"No authentication: whoever reaches {url} may read and change everything. It listens on this " +
                "machine only.");
            if (!app.Environment.IsDevelopment())
                return;
            if (server is not null)
                Tell(server, ParcelDatabase.ConnectionString(app.Configuration));
            Tell(url.TrimEnd('/'));
        });

    private static void Tell(LocalServer server, string connectionString) => Console.WriteLine(
        $"""

        A private PostgreSQL {server.Version}; {Ends(server)}. Its data stay, in {server.DataDirectory}.
            {connectionString}
        """);

    /// <summary>A second application finds the server of the first, and loses it when the first ends.</summary>
    private static string Ends(LocalServer server) => server.OwnerProcessId switch
    {
        null => "it ran already, and runs on when the application stops",
        var owner when owner == Environment.ProcessId => "it stops with the application",
        var owner => $"process {owner} started it, and it stops with that process, whatever this application does then",
    };

    private static void Tell(string url)
    {
        var depot = Guid.CreateVersion7();
        var parcel = Guid.CreateVersion7();
        var opened = $$"""{"id":"{{depot}}","name":"North","city":"Hamburg"}""";
        var registered = $$"""{"id":"{{parcel}}","sender":"Ada","recipient":"Bob","destination":"Berlin"}""";
        var scanned = $$"""{"depotId":"{{depot}}"}""";
        Console.WriteLine(
            $"""

            OpenAPI:
                {url}/openapi/v1.json
            Open a depot, register a parcel, scan it, read its history:
                {Post(url, "depots", opened)}
                {Post(url, "parcels", registered)}
                {Post(url, $"parcels/{parcel}/scans", scanned)}
                curl -sw '\n' {url}/parcels/{parcel}/history
            Ctrl-C ends it.

            """);
    }

    private static string Post(string url, string path, string json) =>
        $@"curl -sw '\n' {url}/{path} -H 'Content-Type: application/json' -d '{json}'";
}
