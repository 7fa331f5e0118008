using System.Globalization;
using CsCheck;
using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport;
using MartenEventing.TestSupport.PartitionArchive;
using MartenEventing.TestSupport.Partitioning;

namespace MartenEventing.Tests.PartitionArchive.Mutated;

/// <summary>
/// Archives changed by chance: one that is accepted is the same, whatever is not is told by an exception of ours, and
/// nothing takes up memory beyond measure.
/// </summary>
public sealed class MutatedArchiveTests
{
    private const long MostAllocated = 256_000_000;

    private static readonly ArchiveKey Key = ArchiveKey.Parse(new string('a', 64));

    private static readonly Gen<Mutation[]> Mutations = Gen.Select(
        Gen.Enum<MutationKind>(), Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue],
        (kind, file, place, value) => new Mutation(kind, file, place, value)).Array[1, 3];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task none_is_accepted_changed_and_none_ends_in_a_stack_trace(bool encrypted)
    {
        var key = encrypted ? Key : null;
        var seed = await SeedAsync(key);
        var events = new Dictionary<string, List<string>>();
        foreach (var name in (string[])["first", "second"])
            events.Add(name, (await EventsAsync(new PartitionArchives(seed, key), name)).ShouldNotBeNull());
        var told = new SortedDictionary<string, int>(StringComparer.Ordinal);

        await SampleAsync(async mutations =>
        {
            var storage = new FilesInMemory(seed.Files);
            foreach (var mutation in mutations)
                mutation.Apply(storage.Files);
            var before = GC.GetTotalAllocatedBytes();
            var mayDiffer = !encrypted && mutations.Any(mutation => mutation.IsSealed);
            foreach (var name in events.Keys)
                await CheckAsync(storage, key, name, mayDiffer ? null : events[name], told);
            (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(MostAllocated);
        });

        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{string.Join(", ", told)}; peak {Environment.WorkingSet / 1e6:N0} MB"));
        told.Keys.ShouldContain("in order");
        told.Keys.ShouldContain("damaged");
    }

    /// <param name="storage">Where it lies.</param>
    /// <param name="key">The key.</param>
    /// <param name="name">The archive.</param>
    /// <param name="expected">Its events; null where somebody may have made others.</param>
    /// <param name="told">Counts what came of it.</param>
    private static async Task CheckAsync(
        FilesInMemory storage, ArchiveKey? key, string name, List<string>? expected, SortedDictionary<string, int> told)
    {
        var archives = new PartitionArchives(storage, key);
        var found = "not found";
        try
        {
            found = (await archives.VerifyAsync(name)).IsSound ? "in order" : "damaged";
        }
        catch (PartitionArchiveException error)
        {
            found = error is ArchiveNotFoundException ? found : error is ArchiveDamagedException ? "damaged"
                : "refused";
        }

        told[found] = told.GetValueOrDefault(found) + 1;
        if (await EventsAsync(archives, name) is { } events)
        {
            if (expected is not null)
                events.ShouldBe(expected);
        }
        else
        {
            found.ShouldNotBe("in order");
        }

        (await archives.ListAsync()).Count.ShouldBeLessThanOrEqualTo(2);
        await RedactAsync(archives, name, found == "in order");
    }

    private static async Task RedactAsync(PartitionArchives archives, string name, bool isSound)
    {
        var request = new RedactionRequest
        {
            Stream = "0193c1a0-0000-7000-8000-000000000001", Reason = "asked for", By = "Ada",
        };
        try
        {
            await archives.PlanRedactionAsync(name, request);
            await archives.RedactAsync(name, request);
        }
        catch (PartitionArchiveException)
        {
            isSound.ShouldBeFalse();
        }
    }

    /// <summary>The lines of an archive's events; null when they are not to be read.</summary>
    private static async Task<List<string>?> EventsAsync(PartitionArchives archives, string name)
    {
        try
        {
            return await archives.QueryAsync(name, new ArchiveQuery()).Select(found => found.Line).ToListAsync();
        }
        catch (PartitionArchiveException)
        {
            return null;
        }
    }

    /// <summary>Two archives of several files of several chunks, one of them not compressed.</summary>
    private static async Task<FilesInMemory> SeedAsync(ArchiveKey? key)
    {
        await using var archived = await ArchivedStore.CreateAsync<FolderPlace>();
        for (var stream = 1; stream <= 3; stream++)
            await archived.Store.DataSource.AppendAsync(
                Guid.Parse($"0193c1a0-0000-7000-8000-00000000000{stream}"), ArchivedStore.MonthStart, 8);
        var storage = new FilesInMemory([]);
        await WriteAsync("first", ArchiveCompression.None);
        await archived.Store.DataSource.AppendAsync(Guid.NewGuid(), ArchivedStore.MonthStart);
        await WriteAsync("second", ArchiveCompression.Gzip);
        return storage;

        Task WriteAsync(string name, ArchiveCompression compression) => new PartitionArchiveWriter(
            archived.Store.DataSource, "public", storage,
            new ArchiveOptions { ChunkBytes = 700, FileBytes = 1500, Compression = compression, Key = key })
            .CreateAsync(new ArchiveSelection { Partition = ArchivedStore.Month, Name = name });
    }

    /// <summary>The usual share is the same each time; all of it shrinks what it finds, and prints its seed.</summary>
    private static async Task SampleAsync(Func<Mutation[], Task> check)
    {
        if (Effort.IsFull)
        {
            await Mutations.SampleAsync(check, iter: 10_000, threads: 1, print: Text);
            return;
        }

        for (var i = 0; i < 200; i++)
        {
            var mutations = Mutations.Generate(new PCG(1, (ulong)(Effort.Seed + i)), null!, out _);
            try
            {
                await check(mutations);
            }
            catch (Exception error)
            {
                throw new ShouldAssertException(
                    $"MARTEN_EVENTING_SEED={Effort.Seed}, number {i}: {Text(mutations)}", error);
            }
        }
    }

    private static string Text(Mutation[] mutations) =>
        string.Join("; ", mutations.Select(mutation => mutation.ToString()));
}
