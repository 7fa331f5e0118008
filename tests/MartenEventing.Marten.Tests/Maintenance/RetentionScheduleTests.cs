using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using MartenEventing.Maintenance;
using MartenEventing.Marten;
using MartenEventing.Marten.Maintenance;
using MartenEventing.Retention;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MartenEventing.Tests.Maintenance;

/// <summary>Retention of Marten's streams, in the background of an application with two databases.</summary>
public sealed class RetentionScheduleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("archives").FullName;
    private readonly TestClock _clock = new(DateTimeOffset.UtcNow.AddDays(120));

    [Fact]
    public async Task each_database_archives_and_removes_what_has_ended_and_keeps_what_lives()
    {
        await using var first = await TestDatabase.CreateAsync();
        await using var second = await TestDatabase.CreateAsync();
        Dictionary<string, Guid[]> streams = [];
        using (var before = Build(first, second, maintenance => maintenance.RunInBackground = false))
        {
            await before.StartAsync();
            var store = before.Services.GetRequiredService<IDocumentStore>();
            foreach (var tenant in (string[])["one", "two"])
                streams[tenant] = [await StartStreamAsync(store, tenant), await StartStreamAsync(store, tenant)];
            await before.StopAsync();
        }

        await first.DataSource.ExecuteAsync(
            $"UPDATE mt_events SET timestamp = now() + interval '119 days' WHERE " +
            $"stream_id = '{streams["one"][0]}' AND version = 2");
        using var host = Build(first, second, maintenance => maintenance.Retention = new RetentionOptions
        {
            OlderThan = RetentionAge.Parse("2mo"),
            ArchiveDirectory = _folder,
        });
        await host.StartAsync();
        await Until.TrueAsync(async () => await CountAsync(first) == 2 && await CountAsync(second) == 0);

        await using var session = host.Services.GetRequiredService<IDocumentStore>().LightweightSession("one");
        (await session.Events.AggregateStreamAsync<Parcel>(streams["one"][0])).ShouldNotBeNull().Scans.ShouldBe(1);
        (await session.Events.FetchStreamAsync(streams["one"][1])).ShouldBeEmpty();
        Directory.GetDirectories(_folder).Length.ShouldBe(2);
        await host.StopAsync();
    }

    [Fact]
    public async Task a_projection_that_lags_holds_retention_up_and_gets_its_events()
    {
        await using var database = await MartenDatabase.CreateAsync();
        using var store = database.Partitioned(options =>
            options.Projections.Add<DepotScansProjection>(ProjectionLifecycle.Async));
        await database.AppendAsync(store, streams: 1);
        await CatchUpAsync(store);
        await database.AppendAsync(store, streams: 2);
        var maintenance = new PartitionMaintenance(store, time: _clock);
        await maintenance.RunAsync();
        var policies = new RetentionOptions { OlderThan = RetentionAge.Parse("2mo") };

        var held = await maintenance.ApplyRetentionAsync(policies);
        held.ShouldHaveSingleItem().Gates.ShouldHaveSingleItem().Kind.ShouldBe(RetentionGateKind.Projection);
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(6);

        await CatchUpAsync(store);
        var report = (await maintenance.ApplyRetentionAsync(policies)).ShouldHaveSingleItem();
        (report.Gates.Count, report.Expired.Sum(partition => partition.Removed)).ShouldBe((0, 6));
        await using var session = store.QuerySession();
        (await session.LoadAsync<DepotScans>("A")).ShouldNotBeNull().Scans.ShouldBe(3);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task CatchUpAsync(DocumentStore store)
    {
        using var daemon = await store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(TimeSpan.FromSeconds(30));
        await daemon.StopAllAsync();
    }

    private static Task<long> CountAsync(TestDatabase database) =>
        database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events");

    private static async Task<Guid> StartStreamAsync(IDocumentStore store, string tenant)
    {
        await using var session = store.LightweightSession(tenant);
        var stream = session.Events.StartStream<Parcel>(new ParcelRegistered("Here"), new ParcelScanned("A"));
        await session.SaveChangesAsync();
        return stream.Id;
    }

    private IHost Build(TestDatabase first, TestDatabase second, Action<MartenMaintenanceOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.AddMarten(options =>
            {
                options.MultiTenantedDatabases(databases =>
                {
                    databases.AddSingleTenantDatabase(first.ConnectionString, "one");
                    databases.AddSingleTenantDatabase(second.ConnectionString, "two");
                });
                options.UseTimePartitionedEvents();
            })
            .AddPartitionMaintenance(configure)
            .AddAsyncDaemon(DaemonMode.Disabled);
        return builder.Build();
    }
}
