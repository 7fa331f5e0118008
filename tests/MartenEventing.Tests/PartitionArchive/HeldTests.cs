using MartenEventing.PartitionArchive;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport.PartitionArchive;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.TestSupport.Postgres;
using MartenEventing.Tests.Retention;

namespace MartenEventing.Tests.PartitionArchive;

/// <summary>Archives of streams under legal hold.</summary>
public sealed class HeldTests
{
    private static readonly Guid Stream = Guid.Parse("0193c1a0-0000-7000-8000-000000000001");

    [Theory]
    [InlineData("the stream")]
    [InlineData("the stream of its tenant")]
    [InlineData("its tenant")]
    [InlineData("the time of an archived event")]
    [InlineData("the time of an event that is still there")]
    public async Task what_a_hold_covers_is_not_erased_until_it_is_lifted(string covered)
    {
        await using var archived = await FilledAsync();
        var holds = new LegalHolds(archived.Store.DataSource);
        var hold = await PlaceAsync(holds, covered);
        var archives = new StoreArchives(archived.Store.DataSource, "public", archived.Storage);
        var request = new RedactionRequest { Stream = $"{Stream}", Tenant = "a", Reason = "asked for", By = "Ada" };

        var planned = await Should.ThrowAsync<ArchiveHeldException>(() => archives.PlanRedactionAsync("held", request));
        var error = await Should.ThrowAsync<ArchiveHeldException>(() => archives.RedactAsync("held", request));

        planned.Holds.ShouldBe([hold.Id]);
        error.Message.ShouldStartWith(
            $"The stream {Stream} in the partition archive \"held\" is under legal hold {hold.Id}. Nothing was " +
            "erased.");
        (await archived.Archives.ReadManifestAsync("held")).Revision.ShouldBe(1);
        await Should.ThrowAsync<ArchiveHeldException>(
            () => archives.RedactAsync("held", request with { Tenant = null }));
        await holds.LiftAsync(hold.Id);
        (await archives.RedactAsync("held", request)).Events.ShouldBe(2);
    }

    [Theory]
    [InlineData("another stream")]
    [InlineData("the stream of another tenant")]
    [InlineData("another tenant")]
    [InlineData("another time")]
    public async Task what_no_hold_covers_is_erased(string covered)
    {
        await using var archived = await FilledAsync();
        await PlaceAsync(new LegalHolds(archived.Store.DataSource), covered);

        var report = await new StoreArchives(archived.Store.DataSource, "public", archived.Storage).RedactAsync(
            "held", new RedactionRequest { Stream = $"{Stream}", Tenant = "a", Reason = "asked for", By = "Ada" });

        report.Events.ShouldBe(2);
    }

    [Fact]
    public async Task a_hold_that_is_placed_meanwhile_comes_before_or_waits()
    {
        await using var archived = await FilledAsync();
        var holds = new LegalHolds(archived.Store.DataSource);
        Task<LegalHold>? late = null;
        var storage = new WatchedStorage(archived.Storage, async key =>
        {
            if (!key.EndsWith("manifest.json", StringComparison.Ordinal))
                return;
            late = holds.HoldStreamAsync($"{Stream}", "too late");
            await UntilWaitingAsync(archived.Store, late);
        });

        var report = await new StoreArchives(archived.Store.DataSource, "public", storage).RedactAsync(
            "held", new RedactionRequest { Stream = $"{Stream}", Reason = "asked for", By = "Ada" });

        report.Events.ShouldBe(4);
        (await late.ShouldNotBeNull()).Reason.ShouldBe("too late");
    }

    [Theory]
    [InlineData("the stream")]
    [InlineData("its tenant")]
    [InlineData("the time of an archived event")]
    [InlineData("the time of an event that is still there")]
    public async Task an_archive_with_something_that_a_hold_covers_is_not_dropped(string covered)
    {
        await using var archived = await FilledAsync();
        var holds = new LegalHolds(archived.Store.DataSource);
        var hold = await PlaceAsync(holds, covered);
        var archives = new StoreArchives(archived.Store.DataSource, "public", archived.Storage);

        (await Should.ThrowAsync<ArchiveHeldException>(() => archives.DropAsync("held"))).Holds.ShouldBe([hold.Id]);

        (await archived.Archives.VerifyAsync("held")).IsSound.ShouldBeTrue();
        await holds.LiftAsync(hold.Id);
        await archives.DropAsync("held");
        (await archived.Storage.KeysAsync("")).ShouldBeEmpty();
    }

    [Fact]
    public async Task an_archive_without_anything_that_a_hold_covers_is_dropped_and_one_that_cannot_be_asked_is_not()
    {
        await using var archived = await FilledAsync();
        await PlaceAsync(new LegalHolds(archived.Store.DataSource), "another stream");
        await PlaceAsync(new LegalHolds(archived.Store.DataSource), "another time");
        var archives = new StoreArchives(archived.Store.DataSource, "public", archived.Storage);
        await archived.Writer(ArchivedStore.Small with { Key = ArchiveKey.Create() }).CreateAsync(
            new ArchiveSelection { Partition = ArchivedStore.Month, Name = "unread" });

        await archives.DropAsync("held");
        (await Should.ThrowAsync<ArchiveKeyException>(() => archives.DropAsync("unread"))).IsMissing.ShouldBeTrue();

        (await archived.Archives.ListAsync()).Select(entry => entry.Name).ShouldBe(["unread"]);
    }

    private static async Task UntilWaitingAsync(StoreDatabase store, Task waiting)
    {
        while (!waiting.IsCompleted && !await store.ScalarAsync<bool>(
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity
                            WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0)
            """))
            await Task.Yield();
        waiting.IsCompleted.ShouldBeFalse();
    }

    private static async Task<ArchivedStore> FilledAsync()
    {
        var archived = await ArchivedStore.CreateAsync<FolderPlace>(tenancy: EventTenancy.Conjoined);
        foreach (var tenant in (string[])["a", "b"])
            foreach (var month in (int[])[-3, 0])
                await archived.Store.DataSource.AppendAsync(Stream, SampleEvents.Month(month), 2, tenant: tenant);
        await archived.Writer().CreateAsync(new ArchiveSelection { Partition = ArchivedStore.Month, Name = "held" });
        return archived;
    }

    private static Task<LegalHold> PlaceAsync(LegalHolds holds, string covered) => covered switch
    {
        "the stream" => holds.HoldStreamAsync($"{Stream}", "court"),
        "the stream of its tenant" => holds.HoldStreamAsync($"{Stream}", "court", tenant: "a"),
        "its tenant" => holds.HoldTenantAsync("a", "court"),
        "the time of an archived event" =>
            holds.HoldRangeAsync(SampleEvents.Month(-3), SampleEvents.Month(-2), "court"),
        "the time of an event that is still there" => holds.HoldRangeAsync(SampleEvents.Month(0), null, "court"),
        "another stream" => holds.HoldStreamAsync($"{Guid.NewGuid()}", "court"),
        "the stream of another tenant" => holds.HoldStreamAsync($"{Stream}", "court", tenant: "b"),
        "another tenant" => holds.HoldTenantAsync("b", "court"),
        _ => holds.HoldRangeAsync(SampleEvents.Month(-2), SampleEvents.Month(-1), "court"),
    };
}
