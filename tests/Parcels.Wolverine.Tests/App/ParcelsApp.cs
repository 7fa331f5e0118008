using Alba;
using Marten;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
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
        TestDatabase database, TimeProvider? clock = null, params (string Path, string Value)[] settings)
    {
        var host = await AlbaHost.For<Program>(builder =>
        {
            builder.ConfigureAppConfiguration(configuration => configuration.AddInMemoryCollection(
                new Dictionary<string, string?> { ["ConnectionStrings:Parcels"] = database.ConnectionString }));
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            // The tests provoke what Marten and Wolverine log as errors.
            builder.UseSetting("Logging:LogLevel:Marten", "Critical");
            builder.UseSetting("Logging:LogLevel:Parcels", "Critical");
            foreach (var (path, value) in settings)
                builder.UseSetting(path, value);
            if (clock is not null)
                builder.ConfigureServices(services => services.AddSingleton(clock));
        });
        return new ParcelsApp(host);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync();
        await Host.DisposeAsync();
    }
}
