using JasperFx.CommandLine;
using JasperFx.Events.CommandLine;
using JasperFx.Events.Projections;
using Marten;
using MartenEventing.Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MartenEventing.Tests.Since959;

/// <summary>Commands that look into streams: <c>event-query</c>, <c>stream-query</c>, <c>projection-run</c>.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task events_of_a_time_are_found_in_their_month()
    {
        await using var parcels = await ParcelStore.CreateAsync(configure: Snapshots);
        await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);

        var found = await RunAsync<EventQueryCommand>(
            parcels, "event-query", "--timestamp-from", $"{Months.Boundary:O}", "--correlation-id", "none");
        var all = await RunAsync<EventQueryCommand>(parcels, "event-query", "--timestamp-from", $"{Months.Boundary:O}");

        found.ShouldNotContain("parcel_scanned");
        all.ShouldContain("parcel_scanned");
        all.ShouldNotContain("parcel_registered");
    }

    [Fact]
    public async Task streams_are_found_by_their_state()
    {
        await using var parcels = await ParcelStore.CreateAsync(configure: Snapshots);
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);

        (await RunAsync<StreamQueryCommand>(parcels, "stream-query", "--min-version", "2")).ShouldContain(
            $"{stream.Id}");
        (await RunAsync<StreamQueryCommand>(parcels, "stream-query", "--min-version", "3")).ShouldNotContain(
            $"{stream.Id}");
    }

    [Fact]
    public async Task a_projection_is_run_over_a_stream_of_two_months()
    {
        await using var parcels = await ParcelStore.CreateAsync(configure: Snapshots);
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);

        (await RunAsync<ProjectionRunCommand>(
            parcels, "projection-run", "Parcel", "--stream", $"{stream.Id}", "--json"))
            .ShouldContain("\"Scans\"", Case.Insensitive);
    }

    private static void Snapshots(StoreOptions options)
    {
        options.Events.MetadataConfig.EnableAll();
        options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Async);
    }

    /// <summary>Runs a command of an application on the store, and returns what it printed.</summary>
    private static async Task<string> RunAsync<T>(ParcelStore parcels, params string[] arguments)
        where T : class, IJasperFxCommand
    {
        var builder = Host.CreateDefaultBuilder().ConfigureServices(services => services.AddMarten(options =>
        {
            options.Connection(parcels.ConnectionString);
            options.UseTimePartitionedEvents();
            options.Events.AddEventTypes([typeof(ParcelRegistered), typeof(ParcelScanned)]);
            Snapshots(options);
        }));
        var printed = new StringWriter();
        var before = Console.Out;
        Console.SetOut(printed);
        try
        {
            var code = await CommandExecutor.For(factory =>
            {
                factory.RegisterCommand<T>();
                factory.ConfigureRun = run =>
                {
                    if (run.Input is IHostBuilderInput input)
                        input.HostBuilder = builder;
                };
            }).ExecuteAsync(arguments);
            code.ShouldBe(0, printed.ToString());
        }
        finally
        {
            Console.SetOut(before);
        }

        return printed.ToString();
    }
}
