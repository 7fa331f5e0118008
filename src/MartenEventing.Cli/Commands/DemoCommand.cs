using System.CommandLine;
using MartenEventing.Cli.Demo;

namespace MartenEventing.Cli.Commands;

/// <summary>Shows what the store does, on a server and with events of its own.</summary>
internal sealed class DemoCommand : CliCommand
{
    private const int FewestEvents = 2_000;
    private const int MostEvents = 5_000_000;

    private readonly Option<FileInfo> _file = new("--file")
    {
        Description = "Show the events of this NDJSON file (.gz is read as it is), instead of generated ones.",
        HelpName = "file",
    };

    private readonly Option<int> _events = new("--events")
    {
        Description = "About how many events to generate, 2,000 to 5,000,000.",
        HelpName = "number",
        DefaultValueFactory = _ => 400_000,
    };

    private readonly Option<bool> _keep = new("--keep")
    {
        Description = "Keep the database, on the persistent private server; else nothing remains.",
    };

    public DemoCommand(CliEnvironment environment)
        : base(environment, "demo", "Show what the store does, on a server of its own that is removed again.")
    {
        _file.AcceptExistingOnly();
        _events.Validators.Add(result =>
        {
            if (result.GetValue(_events) is < FewestEvents or > MostEvents)
                result.AddError(
                    $"--events is {result.GetValue(_events)}. Allowed: {FewestEvents:N0} to {MostEvents:N0}.");
        });
        Options.Add(_file);
        Options.Add(_events);
        Options.Add(_keep);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var options = new DemoOptions(context.Get(_file), context.Get(_events), context.Get(_keep));
        await using var database = await DemoDatabase.CreateAsync(context, options.Keep);
        await DemoTour.PlayAsync(context, database, options);
        if (options.Keep)
            database.Keep();
        return ExitCode.Done;
    }
}
