namespace MartenEventing.Tests.Modeling;

public sealed class CleaningTests
{
    [Fact]
    public async Task deleting_all_documents_empties_the_events_too_as_Marten_alone_has_it()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned();
        await database.AppendAsync(store, streams: 2);

        await store.Advanced.Clean.DeleteAllDocumentsAsync();

        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(0);
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(0);
        await database.AppendAsync(store, streams: 2);
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(4);
    }

    [Fact]
    public async Task all_is_removed_and_made_again_when_it_is_needed()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned();
        await database.AppendAsync(store, streams: 2);

        await store.Advanced.Clean.CompletelyRemoveAllAsync();
        (await database.DataSource.ColumnAsync<string>(
            """
            SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'mt\_%'
            """)).ShouldBeEmpty();

        await database.AppendAsync(store, streams: 1);
        await database.Partitioned().Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }
}
