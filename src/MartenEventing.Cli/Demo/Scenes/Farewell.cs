namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>What to try next.</summary>
internal static class Farewell
{
    public static void Play(Stage stage, DemoDatabase database, DemoOptions options, TimeSpan took)
    {
        stage.Open("What to try next");
        if (options.Keep)
        {
            stage.Say($"That took {took.TotalSeconds:N0} seconds. The database stays; every command works on it after");
            stage.Quote($"export MARTEN_EVENTING_CONNECTION='{database.ConnectionString}'");
        }
        else
        {
            stage.Say($"That took {took.TotalSeconds:N0} seconds, and nothing of it remains. To keep it:");
            stage.Quote("marten-eventing demo --keep");
        }

        stage.Say("A store of your own, on a private server or on one of yours (--connection):");
        stage.Quote(
            "marten-eventing db apply",
            "marten-eventing events import FILE.ndjson.gz",
            "marten-eventing partitions list",
            "marten-eventing stream list");
        stage.Say("docs/getting-started.md goes on from here.");
    }
}
