using MartenEventing.Conversion;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using MartenEventing.TestSupport;

namespace MartenEventing.Tests.Conversion;

/// <summary>A store that has gone back equals what it was, bit by bit in the dump of its schema.</summary>
public sealed class DumpTests
{
    [Theory]
    [InlineData(ConversionWay.Attach, EventTenancy.Single, StreamIdentity.Guid, "public")]
    [InlineData(ConversionWay.Attach, EventTenancy.Conjoined, StreamIdentity.String, "a b")]
    [InlineData(ConversionWay.Shadow, EventTenancy.Single, StreamIdentity.Guid, "public")]
    [InlineData(ConversionWay.Shadow, EventTenancy.Conjoined, StreamIdentity.String, "a b")]
    public async Task of_a_store_that_never_knew_this_library_nothing_is_left_of_it(
        ConversionWay way, EventTenancy tenancy, StreamIdentity identity, string schema)
    {
        await using var store = await MartenStore.CreateAsync(
            new SchemaOptions { SchemaName = schema, StreamIdentity = identity, Tenancy = tenancy });
        var before = await store.DumpAsync();

        await store.Conversion(way: way).StartAsync();
        await store.Conversion().SplitAsync();
        var back = await store.Conversion().RollbackAsync();

        (back.Layout, back.State).ShouldBe((StoreLayout.Plain, ConversionState.None));
        ShouldEqual(await store.DumpAsync(), before);

        await store.Conversion(way: way).StartAsync();
        await store.Conversion().CompleteAsync();
        await store.Conversion().RevertAsync();

        ShouldEqual(await store.DumpAsync(), before);
    }

    [Fact]
    public async Task what_people_have_added_is_as_it_was()
    {
        var name = "x" + Guid.NewGuid().ToString("N");
        await using var store = await MartenStore.CreateAsync(new SchemaOptions());
        await store.Superuser.ExecuteAsync($"CREATE ROLE {name}");
        await store.ExecuteAsync(CarriedOverTests.Extras.Replace("{0}", name, StringComparison.Ordinal));
        try
        {
            var before = await store.DumpAsync();

            await store.Conversion().StartAsync();
            await store.Conversion().SplitAsync();
            await store.Conversion().CompleteAsync();
            await store.Conversion().RevertAsync();

            ShouldEqual(await store.DumpAsync(), before);
        }
        finally
        {
            await store.Superuser.ExecuteAsync($"DROP OWNED BY {name}; DROP ROLE {name}");
        }
    }

    [Fact]
    public async Task a_store_that_knew_this_library_keeps_what_it_had()
    {
        await using var store = await PlainStore.CreateAsync(100);
        var before = await SchemaDump.ReadAsync(store.Database.ConnectionString);

        await store.Conversion().StartAsync();
        (await store.Conversion().RollbackAsync()).State.ShouldBe(ConversionState.Returned);

        ShouldEqual(await SchemaDump.ReadAsync(store.Database.ConnectionString), before);
    }

    [Fact]
    public async Task what_somebody_has_built_on_the_functions_keeps_them_there()
    {
        await using var store = await MartenStore.CreateAsync(new SchemaOptions());
        await store.Conversion().StartAsync();
        await store.ExecuteAsync("CREATE VIEW months AS SELECT name FROM mt_partitions()");

        (await store.Conversion().RollbackAsync()).State.ShouldBe(ConversionState.Returned);

        (await store.ScalarAsync<long>("SELECT count(*) FROM months")).ShouldBe(0);
    }

    [Fact]
    public async Task wherever_a_way_back_breaks_off_the_next_call_leaves_nothing()
    {
        await using var store = await MartenStore.CreateAsync(new SchemaOptions());
        var before = await store.DumpAsync();
        for (var (moment, brokeOff) = (0, true); brokeOff; moment += Effort.Of(share: 2, full: 1))
        {
            await Should.ThrowAsync<TimeoutException>(() => store.Conversion((step, when) =>
                (step, when) == ("guard", StepMoment.Committed) ? throw new TimeoutException() : Task.CompletedTask)
                .StartAsync());
            var seen = 0;
            try
            {
                await store.Conversion((_, _) => seen++ == moment ? throw new TimeoutException() : Task.CompletedTask)
                    .RollbackAsync();
                brokeOff = false;
            }
            catch (TimeoutException)
            {
                await store.Conversion().RollbackAsync();
            }

            ShouldEqual(await store.DumpAsync(), before);
        }
    }

    private static void ShouldEqual(string[] found, string[] expected) =>
        (string.Join('\n', found.Except(expected)), string.Join('\n', expected.Except(found)), found.Length)
            .ShouldBe(("", "", expected.Length));
}
