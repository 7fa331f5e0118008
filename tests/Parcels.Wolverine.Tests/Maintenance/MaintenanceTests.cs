using Marten;
using Microsoft.Extensions.DependencyInjection;
using Parcels.Api.Maintenance;
using Parcels.Api.Tests.App;
using Wolverine;

namespace Parcels.Api.Tests.Maintenance;

public sealed class MaintenanceTests
{
    private static readonly (string, string) ByMessages = ("Maintenance:Mode", "Messages");

    /// <summary>Two months from now: what a new store has ahead does not reach far enough.</summary>
    private readonly TestClock _later = new(DateTimeOffset.UtcNow.AddMonths(2));

    [Fact]
    public async Task a_message_makes_the_months_ahead()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await ParcelsApp.StartAsync(database, _later, ByMessages);

        var turn = await FirstPassAsync(app);

        turn.LastPassAt.ShouldBe(_later.Now);
        (await PartitionsAsync(database)).ShouldContain(MonthAhead(3));
    }

    [Fact]
    public async Task the_hosted_service_makes_the_months_ahead_where_nothing_else_is_said()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await ParcelsApp.StartAsync(database, _later);

        await Until.IsAsync(
            () => PartitionsAsync(database), all => all.Contains(MonthAhead(3)), "the months ahead are there");

        (await ScheduledAsync(database)).ShouldBe(0);
    }

    [Fact]
    public async Task each_pass_schedules_the_next_and_a_message_out_of_turn_none()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await ParcelsApp.StartAsync(database, _later, ByMessages);
        var turn = await FirstPassAsync(app);
        (await ScheduledAsync(database)).ShouldBe(1);

        _later.Advance(TimeSpan.FromMinutes(1));
        await HandleAsync(app, new MaintainPartitions(Guid.CreateVersion7()));

        (await TurnAsync(app)).ShouldBe(turn);
        (await ScheduledAsync(database)).ShouldBe(1);
    }

    [Fact]
    public async Task after_another_start_only_its_own_messages_go_on()
    {
        await using var database = await TestDatabase.CreateAsync();
        MaintenanceTurn before;
        await using (var first = await ParcelsApp.StartAsync(database, _later, ByMessages))
            before = await FirstPassAsync(first);

        _later.Advance(TimeSpan.FromDays(31));
        await using var second = await ParcelsApp.StartAsync(database, _later, ByMessages);
        var after = await FirstPassAsync(second, since: _later.Now);
        var scheduled = await ScheduledAsync(database);
        await HandleAsync(second, new MaintainPartitions(before.Next));

        (await PartitionsAsync(database)).ShouldContain(MonthAhead(3));
        (await TurnAsync(second)).ShouldBe(after);
        (await ScheduledAsync(database)).ShouldBe(scheduled);
    }

    [Fact]
    public async Task schema_checks_see_no_difference_before_a_pass_nor_after()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var now = await ParcelsApp.StartAsync(database, clock: null, ByMessages))
            await now.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();

        await using var later = await ParcelsApp.StartAsync(database, _later, ByMessages);
        await FirstPassAsync(later, since: _later.Now);

        (await PartitionsAsync(database)).ShouldContain(MonthAhead(3));
        await later.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    private static Task<MaintenanceTurn> FirstPassAsync(ParcelsApp app, DateTimeOffset since = default) =>
        Until.IsAsync(() => TurnAsync(app), turn => turn.LastPassAt is { } at && at >= since, "a pass has ended");

    private static async Task<MaintenanceTurn> TurnAsync(ParcelsApp app)
    {
        await using var session = app.Store.QuerySession();
        return (await session.LoadAsync<MaintenanceTurn>(MaintenanceTurn.TheOne))!;
    }

    private static async Task HandleAsync(ParcelsApp app, MaintainPartitions message)
    {
        await using var scope = app.Host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(message);
    }

    private string MonthAhead(int months) => $"mt_events_m{_later.Now.AddMonths(months):yyyyMM}";

    private static Task<List<string>> PartitionsAsync(TestDatabase database) =>
        database.DataSource.ColumnAsync<string>(
            "select inhrelid::regclass::text from pg_inherits where inhparent = 'mt_events'::regclass");

    private static Task<long> ScheduledAsync(TestDatabase database) => database.DataSource.ScalarAsync<long>(
        "select count(*) from wolverine_incoming_envelopes where status = 'Scheduled' and message_type like $1",
        "%" + nameof(MaintainPartitions));
}
