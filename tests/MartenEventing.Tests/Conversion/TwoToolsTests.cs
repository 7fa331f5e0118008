using MartenEventing.Conversion;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;

namespace MartenEventing.Tests.Conversion;

public sealed class TwoToolsTests
{
    [Fact]
    public async Task what_another_has_done_while_one_waited_is_not_overlooked()
    {
        await using var store = await PlainStore.CreateAsync(100);
        await store.Conversion().StartAsync();
        await using var holder = await store.Database.DataSource.OpenConnectionAsync();
        await RunAsync(holder, "SELECT pg_advisory_lock(hashtextextended('marten-eventing schema public', 0))");

        var rollback = store.Conversion().RollbackAsync();
        while (await store.Database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = "
            + "current_database() WHERE l.locktype = 'advisory' AND NOT l.granted") == 0)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        await store.Conversion().CompleteAsync();
        await RunAsync(holder, "SELECT pg_advisory_unlock_all()");

        await Should.ThrowAsync<ConversionBusyException>(() => rollback);
        (await store.Conversion().GetStatusAsync()).State.ShouldBe(ConversionState.Completed);
    }

    [Fact]
    public async Task only_one_of_two_at_once_converts_and_the_other_is_told()
    {
        await using var store = await PlainStore.CreateAsync(100);
        ConversionBusyException? told = null;

        await store.Conversion(observer: async (step, when) =>
        {
            if ((step, when) == ("swap", StepMoment.Before))
                told ??= await Should.ThrowAsync<ConversionBusyException>(() => store.Conversion().StartAsync());
        }).StartAsync();

        told.ShouldNotBeNull();
    }

    private static async Task RunAsync(Npgsql.NpgsqlConnection connection, string sql)
    {
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
