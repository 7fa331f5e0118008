using MartenEventing.Events;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>An event that comes a year late, for a month that is sealed.</summary>
internal static class LateEvent
{
    public static async Task PlayAsync(Scenery scenery)
    {
        var aYearAgo = scenery.Time.GetUtcNow().AddYears(-1);
        var sealedMonth = (await scenery.Catalog.ListAsync(scenery.Cancellation))
            .Where(partition => partition is { IsSealed: true, Kind: PartitionKind.Period, LastSequence: > 0 })
            .MinBy(partition => (partition.From!.Value - aYearAgo).Duration());
        if (sealedMonth is null)
            return;

        var stage = scenery.Stage;
        stage.Open("A late event for a sealed month");
        var parcel = new StreamId(Guid.CreateVersion7());
        var late = sealedMonth.From!.Value.AddDays(14).AddHours(10);
        stage.Say($"{sealedMonth.Name} is {State(sealedMonth)}. A scanner that was lost behind a belt is found and "
            + $"delivers its event of {late:d MMMM yyyy, HH:mm}:");
        var found = new NewEvent("parcel_scanned", "{}") { Timestamp = late };
        var result = await scenery.Store.AppendAsync(parcel, ExpectedVersion.NoStream, [found], scenery.Cancellation);

        var where = await scenery.DataSource.ScalarAsync<string>(
            "SELECT tableoid::regclass::text FROM mt_events WHERE seq_id = $1",
            scenery.Cancellation,
            result.Sequences[0]);
        stage.Good($"Accepted as sequence {result.Sequences[0]:N0}; it lies in {where}, "
            + $"which is {State(await FindAsync(scenery, sealedMonth.Name))} now.");
        await MaintainAsync(scenery);
        stage.Say($"The next maintenance pass left it {State(await FindAsync(scenery, sealedMonth.Name))}.");
    }

    public static Task<MaintenanceReport> MaintainAsync(Scenery scenery) =>
        new MaintenancePass(scenery.DataSource, Scenery.Schema, new PartitionOptions(), scenery.Time)
            .RunAsync(scenery.Cancellation);

    private static async Task<Partition> FindAsync(Scenery scenery, string name) =>
        (await scenery.Catalog.ListAsync(scenery.Cancellation)).Single(partition => partition.Name == name);

    private static string State(Partition partition) => partition.Seal switch
    {
        PartitionSeal.Sealed => $"sealed for the sequences {partition.FirstSequence:N0} to {partition.LastSequence:N0}",
        PartitionSeal.Withdrawn => "open (its seal is withdrawn)",
        _ => "open",
    };
}
