using Marten;
using MartenEventing.Maintenance;
using MartenEventing.Marten;
using MartenEventing.Marten.Maintenance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MartenEventing.Tests.Maintenance;

public sealed class HostTests
{
    private const string Partitions = "SELECT count(*) FROM mt_partitions()";

    [Fact]
    public async Task eight_hosts_that_start_at_once_make_one_event_store()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var hosts = Enumerable.Range(0, 8).Select(_ => Host(database, new TestClock(DateTimeOffset.UtcNow))).ToList();

        await Task.WhenAll(hosts.Select(host => Task.Run(() => host.StartAsync())));
        await Task.WhenAll(hosts.Select(host => Task.Run(
            () => database.AppendAsync(host.Services.GetRequiredService<IDocumentStore>(), streams: 2))));

        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(8 * 2 * 2);
        (await database.DataSource.ScalarAsync<long>(Partitions)).ShouldBe(6);
        foreach (var host in hosts)
            await host.StopAsync();
    }

    [Fact]
    public async Task a_pass_makes_the_months_ahead_of_the_clock()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var clock = new TestClock(DateTimeOffset.UtcNow);
        using var host = Host(database, clock, maintenance => maintenance.RunInBackground = false);
        await host.StartAsync();

        clock.Advance(TimeSpan.FromDays(62));
        var reports = await host.Services.GetRequiredService<PartitionMaintenance>().RunAsync();

        reports.ShouldHaveSingleItem().Created.Count.ShouldBe(2);
        (await database.DataSource.ScalarAsync<long>(Partitions)).ShouldBe(8);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData(";Max Auto Prepare=50", 0)]
    public async Task connections_that_prepare_nothing_are_mentioned_once(string settings, int times)
    {
        await using var database = await MartenDatabase.CreateAsync();
        var log = new MessageLog();
        using var host = Host(database, new TestClock(DateTimeOffset.UtcNow), settings: settings, log: log);

        await host.StartAsync();
        await host.StopAsync();

        log.Messages.Count(message => message.Contains("Max Auto Prepare=50", StringComparison.Ordinal))
            .ShouldBe(times);
    }

    [Fact]
    public async Task a_host_on_a_plain_store_does_not_start()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.AppendAsync(database.Plain(), streams: 1);
        using var host = Host(database, new TestClock(DateTimeOffset.UtcNow));

        await Should.ThrowAsync<PlainEventStoreException>(() => host.StartAsync());
    }

    [Fact]
    public async Task a_store_whose_events_are_not_partitioned_is_named()
    {
        await using var database = await MartenDatabase.CreateAsync();

        Should.Throw<InvalidOperationException>(() => new PartitionMaintenance(database.Plain())).Message.ShouldBe(
            "The store \"Main\" does not partition its events. Call options.UseTimePartitionedEvents() where it is "
            + "configured.");
    }

    private static IHost Host(
        MartenDatabase database, TimeProvider clock, Action<MartenMaintenanceOptions>? configure = null,
        string settings = "", MessageLog? log = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        if (log is not null)
            builder.Logging.AddProvider(log);
        builder.Services.AddSingleton(clock);
        builder.Services.AddMarten(options =>
            {
                options.Connection(database.ConnectionString + settings);
                options.Events.AddEventTypes([typeof(ParcelRegistered), typeof(ParcelScanned)]);
                options.UseTimePartitionedEvents();
            })
            .AddPartitionMaintenance(configure);
        return builder.Build();
    }
}
