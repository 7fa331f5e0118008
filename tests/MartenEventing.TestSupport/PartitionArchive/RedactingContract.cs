using System.Text;
using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport.Postgres;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>Archives of which events are taken out, wherever they lie.</summary>
public abstract class RedactingContract<TPlace> where TPlace : IStoragePlace
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_stream_that_is_erased_is_nowhere_in_the_files_and_the_rest_is_as_it_was(bool encrypted)
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 40);
        var key = encrypted ? ArchiveKey.Create() : null;
        var before = await archived.WriteAsync(
            ArchivedStore.Small with { Key = key, Compression = ArchiveCompression.None });
        var stream = (await archived.Store.ColumnAsync<Guid>(
            $"SELECT stream_id FROM {ArchivedStore.Month} ORDER BY seq_id"))[155];
        var clock = new TestClock(new DateTimeOffset(2026, 11, 21, 6, 0, 0, TimeSpan.Zero));
        var archives = new PartitionArchives(archived.Storage, key, clock);
        var request = new RedactionRequest { Stream = stream.ToString(), Reason = "asked for", By = "Ada" };

        var plan = await archives.PlanRedactionAsync(before.Name, request);
        var report = await archives.RedactAsync(before.Name, request);
        var again = await archives.RedactAsync(before.Name, request);

        (plan.Events, report.Events, again.Events).ShouldBe((10, 10, 0));
        var after = await archives.ReadManifestAsync(before.Name);
        (after.Revision, after.Events, after.Streams).ShouldBe((2, 390, 39));
        var redaction = after.Redactions.Single();
        (redaction.At, redaction.Reason, redaction.By, redaction.Events, redaction.FormerRoot)
            .ShouldBe((clock.Now, "asked for", "Ada", 10, before.Tables[0].Root));
        report.ReplacedFiles.Count.ShouldBeLessThan(before.Tables.Sum(table => table.Files.Count) / 2);
        (await archives.VerifyAsync(before.Name)).ShouldSatisfyAllConditions(
            found => found.IsSound.ShouldBeTrue(), found => found.Strays.ShouldBeEmpty());
        (await archives.QueryAsync(before.Name, new()).Select(found => found.Sequence).ToListAsync()).ShouldBe(
            await archived.Store.ColumnAsync<long>(
                $"SELECT seq_id FROM {ArchivedStore.Month} WHERE stream_id <> $1 ORDER BY 1", stream));
        foreach (var file in await archived.Storage.KeysAsync(before.Name))
            Encoding.UTF8.GetString(await archived.Storage.ReadAsync(file)).ShouldNotContain(stream.ToString());
    }

    [Fact]
    public async Task broken_off_at_any_file_it_has_changed_nothing_or_all_and_the_next_call_completes()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 40);
        var manifest = await archived.WriteAsync();
        var stream =
            (await archived.Store.ColumnAsync<Guid>($"SELECT stream_id FROM {ArchivedStore.Month} ORDER BY seq_id"))[7];
        var request = new RedactionRequest { Stream = stream.ToString(), Reason = "asked for", By = "Ada" };
        for (var left = 0; ; left++)
        {
            var storage = new BrokenOff(archived.Storage) { Left = left, DeletionsLeft = left / 2 };
            try
            {
                await new PartitionArchives(storage).RedactAsync(manifest.Name, request);
                break;
            }
            catch (IOException)
            {
                var problems = (await archived.Archives.VerifyAsync(manifest.Name)).Problems;
                problems.ShouldAllBe(problem => problem.Kind == ArchiveProblemKind.NotErased);
            }
        }

        await archived.Archives.RedactAsync(manifest.Name, request);

        (await archived.Archives.VerifyAsync(manifest.Name)).Problems.ShouldBeEmpty();
        (await archived.Archives.ReadManifestAsync(manifest.Name)).Redactions.Single().Events.ShouldBe(10);
    }

    [Fact]
    public async Task without_a_reason_nothing_is_erased()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 1);
        var manifest = await archived.WriteAsync();

        (await Should.ThrowAsync<ArgumentException>(() => archived.Archives.RedactAsync(
            manifest.Name, new RedactionRequest { Stream = "x", Reason = " ", By = "Ada" }))).Message
            .ShouldBe("RedactionRequest.Reason has 1 characters. Allowed: 1 to 1000. (Parameter 'Reason')");
    }
}
