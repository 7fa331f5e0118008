using JasperFx.MultiTenancy;
using Marten;
using MartenEventing.Maintenance;
using MartenEventing.Marten;
using MartenEventing.Marten.Maintenance;
using MartenEventing.Marten.Rebuilding;
using MartenEventing.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MartenEventing.Tests;

/// <summary>The code of docs/marten.md and docs/tenants.md; a test of the pages finds it here.</summary>
public sealed class PageCodeTests
{
    [Fact]
    public async Task the_code_about_a_first_store_runs()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var connectionString = database.ConnectionString;
        var builder = Host.CreateEmptyApplicationBuilder(new());

        builder.Services.AddMarten(options =>
            {
                options.Connection(connectionString);
                options.UseTimePartitionedEvents(events =>
                {
                    events.Period = PartitionPeriod.Month;
                    events.PeriodsAhead = 3;
                });
            })
            .AddPartitionMaintenance();
        using var host = builder.Build();
        await host.StartAsync();

        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_partitions()")).ShouldBe(6);
        await host.StopAsync();
    }

    [Fact]
    public async Task the_code_about_fetching_reads_a_stream()
    {
        await using var parcels = await ParcelStore.CreateAsync();
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        var (version, time, from) = (2L, DateTimeOffset.MaxValue, 1L);
        await using var session = parcels.Store.QuerySession();

        var events = await session.FetchBoundedStreamAsync(stream.Id, version, time, from);

        events.Count.ShouldBe(2);
    }

    [Fact]
    public void the_code_about_health_registers_a_check()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());

        builder.Services.AddHealthChecks().AddDaemonProgress(options => options.KeepFor = TimeSpan.FromDays(730));

        builder.Services.BuildServiceProvider().GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value
            .Registrations.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task the_code_about_tenants_makes_partitions_for_each()
    {
        await using var database = await MartenDatabase.CreateAsync();
        using var store = DocumentStore.For(options =>
        {
            options.Connection(database.ConnectionString);
            options.Events.AddEventType<ParcelRegistered>();
            options.Events.TenancyStyle = TenancyStyle.Conjoined;
            options.UseTimePartitionedEvents(events => events.ByTenant = true);
        });

        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_tenants()")).ShouldBe(1);
    }

    [Theory]
    [InlineData(typeof(TimePartitionedEvents))]
    [InlineData(typeof(MartenMaintenanceOptions))]
    public void the_page_names_every_option(Type options)
    {
        var page = File.ReadAllText(TestSupport.House.Repository.Below("docs", "marten.md"));

        foreach (var option in options.GetProperties())
            page.ShouldContain($"\n| `{option.Name}` | ");
    }

    [Fact]
    public void the_page_names_every_option_of_rebuild_projections()
    {
        var page = File.ReadAllText(TestSupport.House.Repository.Below("docs", "marten.md"));

        foreach (var option in typeof(RebuildProjectionsInput).GetProperties()
                     .Where(property => property.DeclaringType == typeof(RebuildProjectionsInput)))
            page.ShouldContain($"--{Kebab(option.Name.Replace("Flag", "", StringComparison.Ordinal))}");
    }

    private static string Kebab(string name) => string.Concat(name.Select((letter, i) =>
        char.IsUpper(letter) ? $"{(i > 0 ? "-" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
