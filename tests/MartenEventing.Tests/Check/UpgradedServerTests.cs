using System.Net;
using System.Net.Sockets;
using MartenEventing.Check;
using MartenEventing.Conversion;
using MartenEventing.LocalPostgres;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.TestSupport;
using MartenEventing.TestSupport.House;
using MartenEventing.Tests.Conversion;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Check;

/// <summary>
/// pg_upgrade of a server, to the programs in MARTEN_EVENTING_PG_UPGRADE_BIN; without it to the same version, which it
/// does by the same steps.
/// </summary>
public sealed class UpgradedServerTests
{
    [Fact]
    public async Task sealed_partitions_a_converted_store_and_one_by_tenant_go_through_pg_upgrade_unchanged()
    {
        var old = (await PostgresBinaries.FindAsync()).BinDirectory;
        var upgraded = ProgramsOrSkip(old);
        var folder = Directory.CreateTempSubdirectory("u");
        var port = FreePort();
        Task RunAsync(string step) => ClientProgram.RunAsync(
            "Host=unused", "bash",
            [Repository.Below("tests", "MartenEventing.Tests", "Check", "upgrade-server.sh"), step, folder.FullName,
                $"{port}", old, upgraded]);

        try
        {
            await RunAsync("begin");
            await using var converted = await OpenNewAsync(port, "converted", new() { Layout = StoreLayout.Plain });
            await using var tenants = await OpenNewAsync(
                port, "tenants", new() { Tenancy = EventTenancy.Conjoined, PartitionByTenant = true });
            for (var month = -5; month <= 0; month++)
            {
                await converted.AppendAsync(Guid.NewGuid(), Month(month), 20);
                await tenants.AppendAsync(Guid.NewGuid(), Month(month), 20, tenant: "a");
            }

            var conversion = new StoreConversion(converted, options: PlainStore.Options);
            await conversion.StartAsync();
            await conversion.SplitAsync();
            await conversion.CompleteAsync();
            var before = new List<string>();
            foreach (var store in (NpgsqlDataSource[])[converted, tenants])
            {
                await new MaintenancePass(store, "public").RunAsync();
                before.AddRange(await DescribeAsync(store));
            }

            before.Count(line => line.Contains("sealed", StringComparison.OrdinalIgnoreCase)).ShouldBeGreaterThan(5);

            await RunAsync("upgrade");

            var after = new List<string>();
            foreach (var store in (NpgsqlDataSource[])[converted, tenants])
            {
                store.Clear();
                after.AddRange(await DescribeAsync(store));
                (await new StoreCheck(store).CheckAsync()).Findings.ShouldAllBe(finding => finding.Found == 0);
                var pass = await new MaintenancePass(store, "public").RunAsync();
                (pass.Created.Count, pass.Sealed.Count, pass.IsIncomplete).ShouldBe((0, 0, false));
            }

            after.ShouldBe(before);
            await conversion.RevertAsync();
            (await HashAsync(converted)).ShouldBe(before[0]);
        }
        finally
        {
            await RunAsync("end");
            folder.Delete(recursive: true);
        }
    }

    private static string ProgramsOrSkip(string old)
    {
        var given = Environment.GetEnvironmentVariable("MARTEN_EVENTING_PG_UPGRADE_BIN");
        var upgraded = given is { Length: > 0 } ? given : old;
        Assert.SkipUnless(
            upgraded != old || Effort.IsFull,
            "Takes long: set MARTEN_EVENTING_PG_UPGRADE_BIN or MARTEN_EVENTING_FULL.");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The steps are a shell script.");
        Assert.SkipUnless(File.Exists(Path.Combine(upgraded, "pg_upgrade")), $"There is no pg_upgrade in {upgraded}.");
        return upgraded;
    }

    private static async Task<NpgsqlDataSource> OpenNewAsync(int port, string database, SchemaOptions options)
    {
        await using var server = Open(port, "postgres", "postgres");
        if (await server.ScalarAsync<long>("SELECT count(*) FROM pg_roles WHERE rolname = 'owner'") == 0)
            await server.ExecuteAsync("CREATE ROLE owner LOGIN");
        await server.ExecuteAsync($"CREATE DATABASE {database} OWNER owner");
        var store = Open(port, "owner", database);
        await new SchemaMigrator(store, options).ApplyAsync();
        return store;
    }

    private static async Task<List<string>> DescribeAsync(NpgsqlDataSource store) =>
    [
        await HashAsync(store),
        .. from partition in await new PartitionCatalog(store, "public").ListAsync()
           select $"{partition.Name} {partition.From:O} {partition.To:O} {partition.Seal} {partition.FirstSequence}"
               + $" {partition.LastSequence}",
    ];

    private static Task<string> HashAsync(NpgsqlDataSource store) => store.ScalarAsync<string>(
        "SELECT md5(string_agg(e::text, ',' ORDER BY e.seq_id)) FROM mt_events e");

    private static NpgsqlDataSource Open(int port, string role, string database) =>
        NpgsqlDataSource.Create($"Host=127.0.0.1;Port={port};Username={role};Database={database};Pooling=false");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
