using JasperFx.Events;
using JasperFx.MultiTenancy;
using Marten;
using MartenEventing.Maintenance;
using MartenEventing.Marten;
using MartenEventing.Marten.Maintenance;

namespace MartenEventing.Tests.Modeling;

public sealed class RefusedSettingsTests
{
    public static TheoryData<string, Action<StoreOptions>> Settings => new()
    {
        { "Events.UseArchivedStreamPartitioning", options => options.Events.UseArchivedStreamPartitioning = true },
        { "Events.EnableUniqueIndexOnEventId", options => options.Events.EnableUniqueIndexOnEventId = true },
        {
            "Events.UseTenantPartitionedEvents", options =>
            {
                options.Events.TenancyStyle = TenancyStyle.Conjoined;
                options.Events.AppendMode = EventAppendMode.Quick;
                options.Events.UseTenantPartitionedEvents = true;
            }
        },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task a_setting_that_cannot_work_is_refused_by_name(string setting, Action<StoreOptions> configure)
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned(configure);

        var error = await Should.ThrowAsync<IncompatibleEventsException>(
            () => store.Storage.ApplyAllConfiguredChangesToDatabaseAsync());
        Should.Throw<IncompatibleEventsException>(() => new PartitionMaintenance(store)).Setting.ShouldBe(setting);

        error.Setting.ShouldBe(setting);
        error.Message.ShouldStartWith($"{setting} cannot be combined with UseTimePartitionedEvents: ");
        error.Message.ShouldContain("Leave it off");
        (await database.DataSource.ScalarAsync<bool>("SELECT to_regclass('mt_events') IS NULL")).ShouldBeTrue();
    }

    [Fact]
    public void an_option_out_of_range_is_refused_by_name() =>
        Should.Throw<ArgumentException>(() => new StoreOptions().UseTimePartitionedEvents(e => e.PeriodsAhead = 1001))
            .Message.ShouldStartWith("PartitionOptions.PeriodsAhead is \"1001\". Allowed: 0 to 1000.");

    [Fact]
    public async Task events_partitioned_otherwise_are_refused()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.Plain(options => options.Events.UseArchivedStreamPartitioning = true)
            .Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        var error = await Should.ThrowAsync<IncompatibleEventsException>(
            () => database.Partitioned().Storage.ApplyAllConfiguredChangesToDatabaseAsync());

        error.Setting.ShouldBe("The table public.mt_events");
    }
}
