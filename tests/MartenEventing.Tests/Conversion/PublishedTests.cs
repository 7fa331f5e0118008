using MartenEventing.Conversion;

namespace MartenEventing.Tests.Conversion;

/// <summary>
/// Subscribers have the events already: a conversion that moves them from table to table publishes nothing.
/// </summary>
public sealed class PublishedTests
{
    private const string Changes =
        """
        SELECT count(*) FROM pg_logical_slot_get_binary_changes(
            $1, NULL, NULL, 'proto_version', '1', 'publication_names', 'heard') c
         WHERE get_byte(c.data, 0) IN (ascii('I'), ascii('U'), ascii('D'), ascii('T'))
        """;

    [Theory]
    [InlineData(ConversionWay.Attach)]
    [InlineData(ConversionWay.Shadow)]
    public async Task what_moves_between_partitions_is_not_published_there_and_back(ConversionWay way)
    {
        await using var store = await PlainStore.CreateAsync(200);
        var slot = "s" + Guid.NewGuid().ToString("N");
        await store.Database.ExecuteAsync(
            """
            UPDATE mt_events SET timestamp = now() + version * interval '1 month' WHERE seq_id <= 20;
            CREATE PUBLICATION heard FOR TABLE mt_events WITH (publish_via_partition_root = true);
            """);
        await store.Database.Superuser.ScalarAsync<string>(
            "SELECT slot_name::text FROM pg_create_logical_replication_slot($1, 'pgoutput')", slot);
        try
        {
            await store.Conversion(PlainStore.Options with { Way = way }).StartAsync();
            (await store.Database.Superuser.ScalarAsync<long>(Changes, slot)).ShouldBe(0);
            await store.Conversion().SplitAsync();
            (await store.Database.Superuser.ScalarAsync<long>(Changes, slot)).ShouldBe(0);
            await store.Conversion().RollbackAsync();
            (await store.Database.Superuser.ScalarAsync<long>(Changes, slot)).ShouldBe(0);

            await store.Database.ExecuteAsync("UPDATE mt_events SET type = 'b' WHERE seq_id = 5");
            (await store.Database.Superuser.ScalarAsync<long>(Changes, slot)).ShouldBe(1);
        }
        finally
        {
            await store.Database.Superuser.ScalarAsync<int>(
                "SELECT 1 FROM (SELECT pg_drop_replication_slot($1)) d", slot);
        }
    }
}
