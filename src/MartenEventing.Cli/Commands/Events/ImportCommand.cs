using System.CommandLine;
using MartenEventing.Cli.Output;
using MartenEventing.Events;

namespace MartenEventing.Cli.Commands.Events;

/// <summary>Imports events from a file.</summary>
internal sealed class ImportCommand : CliCommand
{
    private const string StandardInput = "-";

    private static readonly Argument<string> FileName = new("file")
    {
        Description = "Lines of JSON, plain or gzip; - reads standard input. Fields of a line: stream, type, "
            + "timestamp, data, and where wanted correlationId, causationId, userName, headers, id.",
    };

    private static readonly Option<string?> Source = new("--source")
    {
        Description = "Name under which the database remembers how far the import has come; an import of the same name "
            + "goes on behind it. Default: told from the file's content.",
        HelpName = "name",
    };

    private static readonly Option<bool> Restart = new("--restart")
    {
        Description = "Forget what was imported of the source, and import all of it once more.",
    };

    private static readonly Option<int?> BatchSize = new("--batch-size")
    {
        Description = "Events to store together, 1 to 100000. Default: 10000.",
        HelpName = "events",
    };

    private static readonly Option<int?> HistoryPeriods = new("--history-periods")
    {
        Description = "How far back events get partitions of their own, 0 to 10000 periods; older ones go into the "
            + "head partition. Default: 240.",
        HelpName = "periods",
    };

    private static readonly Option<FileInfo?> SkipBad = new("--skip-bad")
    {
        Description = "Go on without the lines that are no events: they are added to this file, with number and "
            + "reason.",
        HelpName = "file",
    };

    public ImportCommand(CliEnvironment environment)
        : base(environment, "import", "Import events with their times. Interrupted, the same command goes on.")
    {
        Arguments.Add(FileName);
        Options.Add(CommonOptions.Tenant);
        Options.Add(Source);
        Options.Add(Restart);
        Options.Add(BatchSize);
        Options.Add(HistoryPeriods);
        Options.Add(SkipBad);
        Options.Add(CommonOptions.DryRun);
        Options.Add(CommonOptions.ShowSql);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var name = context.Get(FileName)!;
        await using var input = name == StandardInput ? context.OpenStandardInput() : File.OpenRead(name);
        await using var bad = context.DryRun ? null : BadLines.Open(context.Get(SkipBad));
        var importer = new EventImporter(
            await context.DataSourceAsync(), context.Store, new TalkLogger(context.Output), context.Time);
        var options = Read(context, bad);
        try
        {
            return context.DryRun
                ? ImportSummary.Write(context, await importer.PlanAsync(input, options, context.Cancellation))
                : ImportSummary.Write(context, await RunAsync(context, importer, input, options));
        }
        catch (InvalidImportLineException error)
        {
            context.Output.Fail(error.Message);
            context.Output.Say(Advice(context, error));
            return ExitCode.Failed;
        }
    }

    private static Task<ImportReport> RunAsync(
        CommandContext context, EventImporter importer, Stream input, ImportOptions options)
    {
        var length = input.CanSeek ? input.Length : (long?)null;
        return ImportMeter.RunAsync(
            context, length,
            progress => importer.ImportAsync(input, options with { Progress = progress }, context.Cancellation));
    }

    private static ImportOptions Read(CommandContext context, BadLines? bad)
    {
        var options = new ImportOptions { Source = context.Get(Source), Restart = context.Get(Restart) };
        return options with
        {
            BatchSize = context.Get(BatchSize) ?? options.BatchSize,
            HistoryPeriods = context.Get(HistoryPeriods) ?? options.HistoryPeriods,
            SetAside = bad is not null ? bad.Add : context.Get(SkipBad) is not null ? _ => { } : null,
        };
    }

    private static string Advice(CommandContext context, InvalidImportLineException error) =>
        (context.DryRun, error.CanBeSetAside) switch
        {
            (true, true) => "Mend the line, or pass such lines by: --skip-bad FILE.",
            (true, false) => "Get the file once more; --skip-bad cannot pass by what cannot be read.",
            (false, true) =>
                $"The lines before it are stored. Mend it and go on with --source \"{error.ImportSource}\", or pass "
                + "such lines by: --skip-bad FILE.",
            (false, false) => "The lines before it are stored. Get the file once more and go on with "
                + $"--source \"{error.ImportSource}\"; --skip-bad cannot pass by what cannot be read.",
        };
}
