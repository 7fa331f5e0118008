using MartenEventing.PartitionArchive;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;
using static MartenEventing.Tests.Retention.RetentionStore;

namespace MartenEventing.Tests.Retention;

/// <summary>What is removed is archived first.</summary>
public sealed class RetentionArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("retention").FullName;

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task an_archive_holds_the_streams_that_leave_whole_wherever_their_events_lay(EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-5, tenancy);
        await store.DataSource.AppendAsync(Id(1), Month(-8), 2);
        await store.DataSource.AppendAsync(Id(1), Month(-5));
        await store.DataSource.AppendAsync(Id(2), Month(-5));
        await store.DataSource.AppendAsync(Id(2), Month(0));
        await store.DataSource.AppendAsync(Id(3), Month(-4));

        var report = await store.Retention(ThreeMonths with { ArchiveDirectory = _folder }).ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Id(2)}: 1 2"]);
        var archives = new PartitionArchives(new ArchiveFolder(_folder));
        (await EventsAsync(archives, report.Expired[0].Archive!)).ShouldBe([$"{Id(1)} 1", $"{Id(1)} 2", $"{Id(1)} 3"]);
        (await EventsAsync(archives, report.Expired[1].Archive!)).ShouldBe([$"{Id(3)} 1"]);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_partition_archives WHERE verified IS NOT NULL"))
            .ShouldBe(2);
    }

    [Fact]
    public async Task cut_archives_the_partition()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await store.DataSource.AppendAsync(Id(1), Month(-4), 2);
        await store.DataSource.AppendAsync(Id(1), Month(0));

        var report = await store.Retention(ThreeMonths with { Cut = true, ArchiveDirectory = _folder }).ApplyAsync();

        (await EventsAsync(new PartitionArchives(new ArchiveFolder(_folder)), report.Expired[0].Archive!))
            .ShouldBe([$"{Id(1)} 1", $"{Id(1)} 2"]);
    }

    [Fact]
    public async Task under_cut_what_is_written_to_the_partition_after_it_was_archived_is_archived_too()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await store.DataSource.AppendAsync(Id(1), Month(-4), 2);
        await store.DataSource.AppendAsync(Id(1), Month(0));
        var moments = new List<string> { RetentionSteps.Copy, RetentionSteps.Swap };

        var report = await store.Retention(
            ThreeMonths with { Cut = true, ArchiveDirectory = _folder },
            async (step, moment) =>
            {
                if (moment == StepMoment.Before && moments.Remove(step))
                    await store.DataSource.AppendAsync(Guid.NewGuid(), Month(-4).AddDays(moments.Count));
            }).ApplyAsync();

        var archives = new PartitionArchives(new ArchiveFolder(_folder));
        (await EventsAsync(archives, report.Expired[0].Archive!)).Count.ShouldBe(4);
        (await archives.ListAsync()).Select(entry => entry.Name).ShouldBe([report.Expired[0].Archive!]);
        report.Expired[0].Removed.ShouldBe(4);
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task what_lives_on_because_it_changed_while_retention_ran_does_not_stay_in_the_archive(
        EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4, tenancy);
        for (var stream = 1; stream <= 3; stream++)
            await store.DataSource.AppendAsync(Id(stream), Month(-4), 2);

        var report = await store.Retention(
            ThreeMonths with { ArchiveDirectory = _folder },
            async (step, moment) =>
            {
                if ((step, moment) == (RetentionSteps.Archive, StepMoment.Committed))
                    await store.ExecuteAsync("UPDATE mt_events SET data = '\"masked\"' WHERE stream_id = $1", Id(2));
            }).ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Id(2)}: 1 2"]);
        var archives = new PartitionArchives(new ArchiveFolder(_folder));
        (await EventsAsync(archives, report.Expired[0].Archive!)).ShouldBe(
            [$"{Id(1)} 1", $"{Id(1)} 2", $"{Id(3)} 1", $"{Id(3)} 2"]);
        (await archives.ReadManifestAsync(report.Expired[0].Archive!)).Redactions.Single().By.ShouldBe("retention");
        (await new StoreArchives(store.DataSource, "public", new ArchiveFolder(_folder)).VerifyAsync(
            report.Expired[0].Archive!))
            .Manifest.Revision.ShouldBe(2);
    }

    [Fact]
    public async Task an_archive_of_which_nothing_went_is_none()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await store.DataSource.AppendAsync(Id(1), Month(-4), 2);

        var report = await store.Retention(
            ThreeMonths with { ArchiveDirectory = _folder },
            async (step, moment) =>
            {
                if ((step, moment) == (RetentionSteps.Archive, StepMoment.Committed))
                    await store.DataSource.AppendAsync(Id(1), Month(0));
            }).ApplyAsync();

        (report.Expired[0].Streams, report.Expired[0].Archive).ShouldBe((0, null));
        (await new PartitionArchives(new ArchiveFolder(_folder)).ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task what_cannot_be_verified_is_not_removed()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await store.DataSource.AppendAsync(Id(1), Month(-4), 2);
        var retention = new StoreRetention(store.DataSource, "public", ThreeMonths)
        {
            ArchiveStorage = new ForgetfulFolder(new ArchiveFolder(_folder)),
        };

        var report = await retention.ApplyAsync();

        report.Gates.Single().ShouldSatisfyAllConditions(
            gate => (gate.Kind, gate.Partition).ShouldBe((RetentionGateKind.Archive, MonthName(-4))),
            gate => gate.Reason.ShouldContain(" is not sound: "));
        (await store.StreamsAsync()).ShouldBe([$"{Id(1)}: 1 2"]);
        (await store.Retention(ThreeMonths with { ArchiveDirectory = _folder }).ApplyAsync()).Expired.Count.ShouldBe(1);
        await store.ShouldBeTidyAsync();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static async Task<List<string>> EventsAsync(PartitionArchives archives, string name)
    {
        var events = new List<string>();
        await foreach (var archived in archives.QueryAsync(name, new ArchiveQuery()))
            events.Add($"{archived.Stream} {archived.Version}");
        return [.. events.Order(StringComparer.Ordinal)];
    }

    /// <summary>Loses the last byte of what it is given, but for manifests.</summary>
    private sealed class ForgetfulFolder(IArchiveStorage folder) : IArchiveStorage
    {
        public string Location => folder.Location;

        public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
            folder.ListAsync(prefix, cancellationToken);

        public Task<Stream?> OpenReadAsync(
            string key, long offset, long length, CancellationToken cancellationToken = default) =>
            folder.OpenReadAsync(key, offset, length, cancellationToken);

        public Task<bool> WriteAsync(
            string key, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken = default) =>
            folder.WriteAsync(
                key, key.EndsWith("manifest.json", StringComparison.Ordinal) ? content : content[..^1], replace,
                cancellationToken);

        public Task DeleteAsync(string key, CancellationToken cancellationToken = default) =>
            folder.DeleteAsync(key, cancellationToken);
    }
}
