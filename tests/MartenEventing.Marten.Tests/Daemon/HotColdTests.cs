using JasperFx.Events.Daemon;
using Marten;
using MartenEventing.Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MartenEventing.Tests.Daemon;

public sealed class HotColdTests
{
    [Fact]
    public async Task when_the_leader_stops_another_host_goes_on_where_it_was()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var (leader, follower) = (new SequenceRecorder(), new SequenceRecorder());
        using var first = await StartAsync(database, leader);
        await AppendAsync(first);
        await Until.TrueAsync(() => Task.FromResult(leader.Sequences.Count == 2));

        using var second = await StartAsync(database, follower);
        await AppendAsync(second);
        await Until.TrueAsync(() => Task.FromResult(leader.Sequences.Count == 4));
        await first.StopAsync();
        await AppendAsync(second);
        await Until.TrueAsync(() => Task.FromResult(follower.Sequences.Count >= 2));

        leader.Sequences.ShouldBe([1, 2, 3, 4]);
        follower.Sequences.ShouldBe([5, 6]);
        await second.StopAsync();
    }

    private static Task AppendAsync(IHost host) => host.Services.GetRequiredService<IDocumentStore>().SaveAsync(
        session => session.Events.StartStream<Parcel>(new ParcelRegistered("Here"), new ParcelScanned("A")));

    private static async Task<IHost> StartAsync(MartenDatabase database, SequenceRecorder recorder)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddLogging();
        builder.Services.AddMarten(options =>
            {
                options.Connection(database.ConnectionString);
                options.UseTimePartitionedEvents();
                options.Projections.LeadershipPollingTime = 100;
                options.Events.Subscribe(recorder);
            })
            .AddPartitionMaintenance()
            .AddAsyncDaemon(DaemonMode.HotCold);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
