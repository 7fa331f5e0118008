using MartenEventing.Events;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Events;

public sealed class StreamIdTests
{
    [Fact]
    public void a_name_always_gives_the_same_uuid_of_version_5()
    {
        var id = StreamId.FromName("src/Marten/DocumentStore.cs").Guid;

        id.Version.ShouldBe(5);
        (id.Variant & 0xC).ShouldBe(0x8);
        id.ShouldBe(StreamId.FromName("src/Marten/DocumentStore.cs").Guid);
        id.ShouldNotBe(StreamId.FromName("src/Marten/documentstore.cs").Guid);
    }

    [Fact]
    public async Task the_uuid_of_a_name_is_the_one_that_postgresql_computes()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.DataSource.ExecuteAsync("CREATE EXTENSION \"uuid-ossp\"");

        foreach (var name in new[] { "a", "Łódź/parcel 7", "src/Marten/DocumentStore.cs" })
            (await database.DataSource.ScalarAsync<Guid>("SELECT uuid_generate_v5($1, $2)", StreamId.NameSpace, name))
                .ShouldBe(StreamId.FromName(name).Guid);
    }

    [Fact]
    public void a_text_means_itself_the_uuid_it_spells_or_the_uuid_that_stands_for_it()
    {
        var uuid = Guid.CreateVersion7();

        StreamId.Parse(uuid.ToString(), StreamIdentity.Guid).ShouldBe(new StreamId(uuid));
        StreamId.Parse("parcel-1", StreamIdentity.Guid).ShouldBe(StreamId.FromName("parcel-1"));
        StreamId.Parse(uuid.ToString(), StreamIdentity.String).ShouldBe(new StreamId(uuid.ToString()));
    }

    [Fact]
    public async Task a_store_of_texts_takes_texts_and_refuses_uuids()
    {
        await using var database = await StoreDatabase.CreateAsync(StreamIdentity.String);
        var store = new PostgresEventStore(database.DataSource);

        var result = await store.AppendAsync("it's 100 % \"parcel\" 7", ExpectedVersion.NoStream, Parcel.Scans(3));
        var mismatch = await Should.ThrowAsync<StreamIdentityMismatchException>(
            store.AppendAsync(Guid.CreateVersion7(), ExpectedVersion.Any, Parcel.Scans(1)));

        result.Version.ShouldBe(3);
        mismatch.StoreIdentity.ShouldBe(StreamIdentity.String);
    }

    [Fact]
    public async Task a_store_of_uuids_refuses_texts()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);

        var mismatch = await Should.ThrowAsync<StreamIdentityMismatchException>(
            store.AppendAsync("parcel-1", ExpectedVersion.Any, Parcel.Scans(1)));

        (mismatch.Stream, mismatch.StoreIdentity).ShouldBe(("parcel-1", StreamIdentity.Guid));
    }
}
