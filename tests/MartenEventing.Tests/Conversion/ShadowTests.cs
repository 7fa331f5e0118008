using System.Text.RegularExpressions;
using MartenEventing.Conversion;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Schema;

namespace MartenEventing.Tests.Conversion;

public sealed partial class ShadowTests
{
    [Theory]
    [InlineData(EventTenancy.Single, StreamIdentity.Guid, "public")]
    [InlineData(EventTenancy.Conjoined, StreamIdentity.Guid, "public")]
    [InlineData(EventTenancy.Single, StreamIdentity.String, "shop")]
    [InlineData(EventTenancy.Conjoined, StreamIdentity.String, "a b")]
    public async Task a_plain_store_switches_to_a_partitioned_copy_and_back(
        EventTenancy tenancy, StreamIdentity identity, string schema)
    {
        await using var store = await PlainStore.CreateAsync(tenancy: tenancy, identity: identity, schema: schema);
        var (hash, catalogs) = (await store.HashAsync(), await store.CatalogsAsync());

        var started = await store.Conversion(PlainStore.Shadow).StartAsync();

        (started.Layout, started.State, started.Way)
            .ShouldBe((StoreLayout.Partitioned, ConversionState.Switched, ConversionWay.Shadow));
        started.PartitionCount.ShouldBeGreaterThanOrEqualTo(8);
        started.CopiedEventCount.ShouldBe(2_000);
        (await store.HashAsync()).ShouldBe(hash);
        (await HashAsync(store, "mt_events_plain")).ShouldBe(hash);
        (await store.Database.ScalarAsync<long>($"SELECT count(*) FROM \"{schema}\".mt_events_head")).ShouldBe(0);
        (await store.Conversion().StartAsync()).State.ShouldBe(ConversionState.Switched);

        var back = await store.Conversion().RollbackAsync();

        (back.Layout, back.State).ShouldBe((StoreLayout.Plain, ConversionState.Returned));
        (await store.HashAsync()).ShouldBe(hash);
        var after = await store.CatalogsAsync();
        (string.Join('\n', after.Except(catalogs)), string.Join('\n', catalogs.Except(after))).ShouldBe(("", ""));
    }

    [Fact]
    public async Task a_completed_store_equals_a_fresh_one_and_can_still_be_reverted()
    {
        await using var store = await PlainStore.CreateAsync();
        await using var fresh = await StoreDatabase.CreateAsync();
        var (hash, catalogs) = (await store.HashAsync(), await store.CatalogsAsync());

        await store.Conversion(PlainStore.Shadow).StartAsync();
        (await store.Conversion().CompleteAsync()).State.ShouldBe(ConversionState.Completed);

        (await store.HashAsync()).ShouldBe(hash);
        var converted = await store.CatalogsAsync();
        var made = await Catalogs.DescribeAsync(fresh.DataSource, "public");
        made.Except(converted).Where(line => !line.StartsWith("r mt_events_head", StringComparison.Ordinal))
            .ShouldBeEmpty();
        converted.Except(made).Where(line => !Month().IsMatch(line)
            && !line.StartsWith("r mt_events_head", StringComparison.Ordinal)).ShouldBeEmpty();
        var migrator = new SchemaMigrator(
            store.Database.DataSource, store.Database.Options with { Layout = StoreLayout.Partitioned });
        (await migrator.GetStatusAsync()).IsUpToDate.ShouldBeTrue();
        await Should.ThrowAsync<ConversionStateException>(() => store.Conversion().RollbackAsync());

        (await store.Conversion().RevertAsync()).State.ShouldBe(ConversionState.Returned);

        (await store.HashAsync()).ShouldBe(hash);
        var after = await store.CatalogsAsync();
        (string.Join('\n', after.Except(catalogs)), string.Join('\n', catalogs.Except(after))).ShouldBe(("", ""));
    }

    [GeneratedRegex("mt_events_m[0-9]{6}")]
    private static partial Regex Month();

    private static Task<string> HashAsync(PlainStore store, string table) => store.Database.ScalarAsync<string>(
        $"SELECT md5(string_agg(e::text, ',' ORDER BY e.seq_id)) FROM \"{store.Database.Schema}\".{table} e");
}
