using Alba;
using Marten;
using MartenEventing.Tests.Postgres;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Parcels.Api.Tests.App;

/// <summary>The application in this process, on a database that already exists.</summary>
public sealed class ParcelsApp : IAsyncDisposable
{
    private ParcelsApp(IAlbaHost host) => Host = host;

    public IAlbaHost Host { get; }

    public IDocumentStore Store => Host.Services.GetRequiredService<IDocumentStore>();

    /// <summary>Starts it; settings are those of appsettings.json, by their paths.</summary>
    public static async Task<ParcelsApp> StartAsync(
        TestDatabase database, params (string Path, string Value)[] settings)
    {
        var host = await AlbaHost.For<Program>(builder =>
        {
            builder.UseSetting("ConnectionStrings:Parcels", database.ConnectionString);
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            foreach (var (path, value) in settings)
                builder.UseSetting(path, value);
        });
        return new ParcelsApp(host);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync();
        await Host.DisposeAsync();
    }
}
