using MartenEventing.Conversion;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Schema;

namespace MartenEventing.Tests.Conversion;

public sealed class AttachingTests
{
    [Theory]
    [InlineData(EventTenancy.Single, StreamIdentity.Guid, "public")]
    [InlineData(EventTenancy.Conjoined, StreamIdentity.Guid, "public")]
    [InlineData(EventTenancy.Single, StreamIdentity.String, "shop")]
    [InlineData(EventTenancy.Conjoined, StreamIdentity.String, "a b")]
    public async Task a_plain_store_becomes_partitioned_split_and_plain_again(
        EventTenancy tenancy, StreamIdentity identity, string schema)
    {
        await using var store = await PlainStore.CreateAsync(tenancy: tenancy, identity: identity, schema: schema);
        var (hash, catalogs, file) =
            (await store.HashAsync(), await store.CatalogsAsync(), await FileAsync(store, "mt_events"));

        var started = await store.Conversion().StartAsync();

        (started.Layout, started.State).ShouldBe((StoreLayout.Partitioned, ConversionState.Attached));
        (await store.HashAsync()).ShouldBe(hash);
        (await FileAsync(store, "mt_events_head")).ShouldBe(file);
        var migrator = new SchemaMigrator(
            store.Database.DataSource, store.Database.Options with { Layout = StoreLayout.Partitioned });
        (await migrator.GetStatusAsync()).IsUpToDate.ShouldBeTrue();

        var split = await store.Conversion().SplitAsync();

        (await store.HashAsync()).ShouldBe(hash);
        split.PartitionCount.ShouldBeGreaterThanOrEqualTo(8);
        (await store.Database.ScalarAsync<long>($"SELECT count(*) FROM \"{schema}\".mt_events_head")).ShouldBe(0);

        var back = await store.Conversion().RollbackAsync();

        (back.Layout, back.State).ShouldBe((StoreLayout.Plain, ConversionState.Returned));
        (await store.HashAsync()).ShouldBe(hash);
        var after = await store.CatalogsAsync();
        (string.Join('\n', after.Except(catalogs)), string.Join('\n', catalogs.Except(after))).ShouldBe(("", ""));
    }

    [Fact]
    public async Task a_converted_store_equals_a_fresh_one_except_for_the_head()
    {
        await using var store = await PlainStore.CreateAsync();
        await using var fresh = await StoreDatabase.CreateAsync();

        await store.Conversion().StartAsync();
        await store.Conversion().SplitAsync();
        await store.Conversion().CompleteAsync();

        var converted = await store.CatalogsAsync();
        var made = await Catalogs.DescribeAsync(fresh.DataSource, "public");
        made.Except(converted).Where(line => !line.StartsWith("r mt_events_head", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static Task<uint> FileAsync(PlainStore store, string table) => store.Database.ScalarAsync<uint>(
        $"SELECT relfilenode FROM pg_class WHERE oid = '\"{store.Database.Schema}\".{table}'::regclass");
}
