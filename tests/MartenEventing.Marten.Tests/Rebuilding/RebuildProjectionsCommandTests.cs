using JasperFx.CommandLine;
using Marten;
using MartenEventing.Marten;
using MartenEventing.Marten.Rebuilding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MartenEventing.Tests.Rebuilding;

public sealed class RebuildProjectionsCommandTests
{
    [Fact]
    public async Task it_refuses_a_truncated_history_checks_it_and_rebuilds_when_told_to()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(History.WithSnapshots);
        var ids = await History.AppendAsync(database, store);
        (await RunAsync(database, "--check")).ShouldBe(0);
        await History.DropAsync(database, months: 3);

        (await RunAsync(database)).ShouldBe(1);
        (await RunAsync(database, "--check")).ShouldBe(1);
        await database.DataSource.ExecuteAsync("UPDATE mt_doc_parcel SET data = jsonb_set(data, '{Address}', '\"?\"')");
        (await RunAsync(database, "--allow-truncated", "--projection", "Parcel")).ShouldBe(0);

        await using var session = store.QuerySession();
        (await session.LoadAsync<Parcel>(ids[2]))!.Address.ShouldBe("Street 2");
    }

    [Theory]
    [InlineData("--projection", "Depot")]
    [InlineData("--store", "IOtherStore")]
    public async Task an_unknown_name_fails(params string[] arguments)
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();

        (await RunAsync(database, arguments)).ShouldBe(1);
    }

    private static Task<int> RunAsync(MartenDatabase database, params string[] arguments)
    {
        var builder = Host.CreateDefaultBuilder().ConfigureServices(services => services.AddMarten(options =>
        {
            options.Connection(database.ConnectionString);
            options.UseTimePartitionedEvents();
            History.WithSnapshots(options);
        }));
        return CommandExecutor
            .For(factory =>
            {
                factory.RegisterCommand<RebuildProjectionsCommand>();
                factory.ConfigureRun = run =>
                {
                    if (run.Input is IHostBuilderInput input)
                        input.HostBuilder = builder;
                };
            })
            .ExecuteAsync(["rebuild-projections", .. arguments]);
    }
}
