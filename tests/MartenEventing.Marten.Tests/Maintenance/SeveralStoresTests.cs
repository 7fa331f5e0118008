using JasperFx.Events.Daemon;
using Marten;
using MartenEventing.Maintenance;
using MartenEventing.Marten;
using MartenEventing.Marten.Maintenance;
using MartenEventing.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MartenEventing.Tests.Maintenance;

/// <summary>Several stores in one host, and several databases in one store.</summary>
public sealed class SeveralStoresTests
{
    private readonly TestClock _clock = new(DateTimeOffset.UtcNow);
    private readonly SequenceRecorder _recorder = new();

    public interface ILetterStore : IDocumentStore;

    [Fact]
    public async Task a_store_beside_the_main_one_has_partitions_and_maintenance_of_its_own()
    {
        await using var database = await MartenDatabase.CreateAsync();
        using var host = Build(services =>
        {
            services.AddMarten(options =>
            {
                options.Connection(database.ConnectionString);
                options.UseTimePartitionedEvents();
            }).AddPartitionMaintenance(maintenance => maintenance.RunInBackground = false);
            services.AddMartenStore<ILetterStore>((StoreOptions options) =>
            {
                options.Connection(database.ConnectionString);
                options.DatabaseSchemaName = "letters";
                options.UseTimePartitionedEvents(events => events.Period = PartitionPeriod.Quarter);
            }).AddPartitionMaintenance(maintenance => maintenance.RunInBackground = false);
        });
        await host.StartAsync();
        await AppendAsync(host.Services.GetRequiredService<IDocumentStore>());
        await AppendAsync(host.Services.GetRequiredService<ILetterStore>());
        _clock.Advance(TimeSpan.FromDays(62));
        await host.Services.GetRequiredKeyedService<PartitionMaintenance>(typeof(ILetterStore)).RunAsync();

        (await database.DataSource.ColumnAsync<string>("SELECT DISTINCT kind FROM mt_partitions() ORDER BY 1"))
            .ShouldBe(["head", "month", "tail"]);
        (await database.DataSource.ColumnAsync<string>("SELECT DISTINCT kind FROM letters.mt_partitions() ORDER BY 1"))
            .ShouldBe(["head", "quarter", "tail"]);
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_partitions()")).ShouldBe(6);
        await host.StopAsync();
    }

    [Fact]
    public async Task each_database_of_a_store_has_its_partitions_maintained()
    {
        await using var first = await TestDatabase.CreateAsync();
        await using var second = await TestDatabase.CreateAsync();
        using var host = await StartAsync(first, second);
        foreach (var tenant in (string[])["one", "two"])
            await AppendAsync(host.Services.GetRequiredService<IDocumentStore>(), tenant);
        _clock.Advance(TimeSpan.FromDays(62));
        var reports = await host.Services.GetRequiredService<PartitionMaintenance>().RunAsync();

        reports.Select(report => report.Created.Count).ShouldBe([2, 2]);
        foreach (var database in (TestDatabase[])[first, second])
        {
            (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_partitions()")).ShouldBe(8);
            (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(2);
        }

        await Until.TrueAsync(() => Task.FromResult(_recorder.Sequences.Count == 4));
        await host.StopAsync();
    }

    [Fact]
    public async Task a_database_that_fails_does_not_keep_the_others_from_their_maintenance()
    {
        await using var first = await TestDatabase.CreateAsync();
        await using var second = await TestDatabase.CreateAsync();
        using var host = await StartAsync(first, second);
        await first.DataSource.ExecuteAsync("ALTER FUNCTION mt_maintenance_lock() RENAME TO hidden");
        _clock.Advance(TimeSpan.FromDays(62));

        await Should.ThrowAsync<AggregateException>(
            host.Services.GetRequiredService<PartitionMaintenance>().RunAsync());
        (await second.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_partitions()")).ShouldBe(8);
        await host.StopAsync();
    }

    private async Task<IHost> StartAsync(TestDatabase first, TestDatabase second)
    {
        var host = Build(services => services.AddMarten(options =>
            {
                options.MultiTenantedDatabases(databases =>
                {
                    databases.AddSingleTenantDatabase(first.ConnectionString, "one");
                    databases.AddSingleTenantDatabase(second.ConnectionString, "two");
                });
                options.Events.Subscribe(_recorder);
                options.UseTimePartitionedEvents();
            })
            .AddPartitionMaintenance(maintenance => maintenance.RunInBackground = false)
            .AddAsyncDaemon(DaemonMode.Solo));
        await host.StartAsync();
        return host;
    }

    private IHost Build(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(_clock);
        configure(builder.Services);
        return builder.Build();
    }

    private static async Task AppendAsync(IDocumentStore store, string? tenant = null)
    {
        await using var session = tenant is null ? store.LightweightSession() : store.LightweightSession(tenant);
        session.Events.StartStream<Parcel>(new ParcelRegistered("Here"), new ParcelScanned("A"));
        await session.SaveChangesAsync();
    }
}
