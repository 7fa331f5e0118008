using MartenEventing.Events;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>Two writers append one version of a stream at once, before and after midnight between two months.</summary>
internal static class Race
{
    private const int Races = 20;

    private static readonly TimeSpan ALittle = TimeSpan.FromMilliseconds(40);

    public static async Task PlayAsync(Scenery scenery)
    {
        var now = scenery.Time.GetUtcNow();
        var midnight = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        var stage = scenery.Stage;
        stage.Open("Two writers, one version, two months");
        stage.Say(
            $"A parcel is at version 2. At the midnight before {midnight:d MMMM yyyy} two scanners report at the same "
            + $"moment, both having read version 2. One clock says {Time(midnight - ALittle)}, the other "
            + $"{Time(midnight + ALittle)}: their version 3 belongs into different partitions, where no unique index "
            + "can see both.");

        var outcomes = new List<Outcome>();
        for (var race = 0; race < Races; race++)
            outcomes.Add(await RunAsync(scenery, midnight));

        Tell(stage, outcomes[0]);
        var winsOfA = outcomes.Count(outcome => outcome.Winner.Name == "A");
        stage.Say(
            $"{Races} such races: A won {winsOfA}, B won {Races - winsOfA}, and each time the other one was told.");
    }

    private static async Task<Outcome> RunAsync(Scenery scenery, DateTimeOffset midnight)
    {
        var parcel = new StreamId(Guid.CreateVersion7());
        await scenery.Store.AppendAsync(
            parcel,
            ExpectedVersion.NoStream,
            [At("parcel_registered", midnight.AddDays(-1)), At("parcel_scanned", midnight.AddHours(-8))],
            scenery.Cancellation);
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var a = WriteAsync(scenery, new Writer("A", midnight - ALittle), parcel, start.Task);
        var b = WriteAsync(scenery, new Writer("B", midnight + ALittle), parcel, start.Task);
        start.SetResult();
        Writer[] writers = [await a, await b];
        return new Outcome(
            writers.Single(writer => writer.Conflict is null), writers.Single(writer => writer.Conflict is not null));
    }

    private static async Task<Writer> WriteAsync(Scenery scenery, Writer writer, StreamId parcel, Task start)
    {
        await start;
        try
        {
            await scenery.Store.AppendAsync(
                parcel, ExpectedVersion.Exact(2), [At("parcel_scanned", writer.Clock)], scenery.Cancellation);
            return writer;
        }
        catch (StreamVersionConflictException conflict)
        {
            return writer with { Conflict = conflict };
        }
    }

    private static void Tell(Stage stage, Outcome outcome)
    {
        var (winner, loser) = outcome;
        stage.Good(
            $"Writer {winner.Name} (clock {Time(winner.Clock)}) appended version 3; it lies in "
            + $"{PartitionOf(winner.Clock)}.");
        stage.Refused(
            $"Writer {loser.Name} (clock {Time(loser.Clock)}) got {nameof(StreamVersionConflictException)}: expected "
            + $"{loser.Conflict!.Expected.Value}, actual {loser.Conflict.Actual}. Nothing of it was stored in "
            + $"{PartitionOf(loser.Clock)}.");
    }

    private static NewEvent At(string type, DateTimeOffset time) => new(type, "{}") { Timestamp = time };

    private static string Time(DateTimeOffset clock) => $"{clock:HH:mm:ss.ff}";

    private static string PartitionOf(DateTimeOffset time) => $"mt_events_m{time:yyyyMM}";

    private sealed record Writer(string Name, DateTimeOffset Clock, StreamVersionConflictException? Conflict = null);

    private sealed record Outcome(Writer Winner, Writer Loser);
}
