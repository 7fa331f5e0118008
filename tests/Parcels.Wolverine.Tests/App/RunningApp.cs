using Alba;
using Marten;
using Parcels.Api.Tests.App;

[assembly: AssemblyFixture(typeof(RunningApp))]

namespace Parcels.Api.Tests.App;

/// <summary>The one application that the tests of the endpoints share; each test has parcels of its own.</summary>
public sealed class RunningApp : IAsyncLifetime
{
    private TestDatabase? _database;
    private ParcelsApp? _app;

    public IAlbaHost Host => _app!.Host;

    public IDocumentStore Store => _app!.Store;

    public TestDatabase Database => _database!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _app = await ParcelsApp.StartAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }
}
