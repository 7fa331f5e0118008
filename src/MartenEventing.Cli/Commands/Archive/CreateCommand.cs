using System.CommandLine;
using System.Globalization;
using MartenEventing.Cli.Commands.Events;
using MartenEventing.PartitionArchive;

namespace MartenEventing.Cli.Commands.Archive;

/// <summary>Writes partition archives.</summary>
internal sealed class CreateCommand : CliCommand
{
    private static readonly Argument<string[]> Partitions = new("partition")
    {
        Description = "Partitions by their names; each gets an archive. Default: the range of --from and --to.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<DateTimeOffset?> From =
        TimeOption.Of("--from", "Instead of partitions: the events at this instant or later.");

    private static readonly Option<DateTimeOffset?> To =
        TimeOption.Of("--to", "Instead of partitions: the events before this instant.");

    private static readonly Option<string?> Tenant = new("--tenant")
    {
        Description = "The events of this tenant only. Default: of all.",
        HelpName = "id",
    };

    private static readonly Option<string?> ArchiveName = new("--name")
    {
        Description = "The archive's name. Default: the partition's, with a number behind it if there is one already.",
        HelpName = "name",
    };

    private static readonly Option<ArchiveCompression?> Compression = CommonOptions.OneOf<ArchiveCompression>(
        "--compression", "Brotli is the smallest; gzip is read by everything. Default: brotli.");

    private static readonly Option<bool> Encrypt = new("--encrypt")
    {
        Description = $"Encrypt with AES-256-GCM. The key is that of --key-file or {ArchiveKey.Variable}.",
    };

    public CreateCommand(CliEnvironment environment)
        : base(environment, "create",
            "Write partitions, or a range of time, into partition archives, and verify them against the database.")
    {
        Arguments.Add(ArchiveCliOptions.Folder);
        Arguments.Add(Partitions);
        Option[] options =
        [
            From, To, Tenant, ArchiveName, Compression, Encrypt, ArchiveCliOptions.KeyFile, CommonOptions.DryRun,
            CommonOptions.ShowSql, CommonOptions.Json,
        ];
        foreach (var option in options)
            Options.Add(option);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var key = context.Get(Encrypt) ? await ArchiveCliOptions.KeyAsync(context) : null;
        if (context.Get(Encrypt) && key is null)
            throw new UsageException($"--encrypt needs a key: --key-file FILE, or {ArchiveKey.Variable}. "
                + "Make one by: openssl rand -hex 32.");
        if (!context.Get(Encrypt) && ArchiveCliOptions.HasKey(context))
            context.Output.Warn(
                "There is a key, and without --encrypt the archives are not encrypted: with the key they will not be "
                + "taken.");
        var storage = ArchiveCliOptions.Storage(context);
        var writer = new PartitionArchiveWriter(
            await context.DataSourceAsync(), context.Schema, storage,
            new ArchiveOptions { Key = key, Compression = context.Get(Compression) ?? ArchiveCompression.Brotli },
            context.Time);
        var selections = Selections(context);
        return context.DryRun
            ? await PlanAsync(context, writer, selections)
            : await CreateAsync(context, writer, new PartitionArchives(storage, key), selections);
    }

    private static IReadOnlyList<ArchiveSelection> Selections(CommandContext context)
    {
        var partitions = context.Get(Partitions) ?? [];
        var (from, to, name) = (context.Get(From), context.Get(To), context.Get(ArchiveName));
        if (partitions.Length == 0 == (from is null && to is null))
            throw new UsageException("Name partitions, or give a range of time by --from and --to; one of the two. "
                + "Partitions are shown by: marten-eventing partitions list.");
        if (partitions.Length > 1 && name is not null)
            throw new UsageException($"--name \"{name}\" is one name, and there are {partitions.Length} partitions.");
        return partitions.Length == 0
            ? [new ArchiveSelection { From = from, To = to, Tenant = context.Get(Tenant), Name = name }]
            : [.. partitions.Select(partition => new ArchiveSelection
                {
                    Partition = partition, Tenant = context.Get(Tenant), Name = name,
                })];
    }

    private static async Task<int> PlanAsync(
        CommandContext context, PartitionArchiveWriter writer, IReadOnlyList<ArchiveSelection> selections)
    {
        var plans = new List<ArchivePlan>();
        foreach (var selection in selections)
            plans.Add(await writer.PlanAsync(selection, context.Cancellation));
        if (context.Json)
            context.Output.WriteJson(plans);
        else
            foreach (var plan in plans)
            {
                context.Output.Write($"{plan.Name}  {plan.Events} events of {plan.Streams} streams, from "
                    + $"{ArchiveText.Bound(plan.From)} to {ArchiveText.Bound(plan.To)}");
                foreach (var statement in context.ShowSql ? plan.Statements : [])
                    context.Output.Write(statement + ";");
            }

        context.Output.Say($"{plans.Count} archives would be written.");
        return ExitCode.Done;
    }

    private static async Task<int> CreateAsync(
        CommandContext context, PartitionArchiveWriter writer, PartitionArchives archives,
        IReadOnlyList<ArchiveSelection> selections)
    {
        var reports = new List<VerificationReport>();
        foreach (var selection in selections)
        {
            var started = context.Time.GetTimestamp();
            var manifest = await writer.CreateAsync(selection, context.Cancellation);
            var seconds = context.Time.GetElapsedTime(started).TotalSeconds;
            var report = await archives.VerifyAsync(
                manifest.Name, await context.DataSourceAsync(), context.Schema, context.Cancellation);
            reports.Add(report);
            if (!context.Json)
                context.Output.Write($"{manifest.Name}  {ArchiveText.Summary(manifest)}");
            context.Output.Say(string.Create(CultureInfo.InvariantCulture,
                $"{manifest.Name}: written in {seconds:N1} s, {manifest.Events / seconds * 60:N0} events a minute; ")
                + (report.IsSound ? "read back and compared, the same." : "not as the database has it:"));
            foreach (var problem in report.Problems)
                context.Output.Fail(problem.Describe());
        }

        if (context.Json)
            context.Output.WriteJson(reports.Select(report => new
            {
                Archive = ArchiveText.Json(report.Manifest), report.Problems,
            }));
        return reports.All(report => report.IsSound) ? ExitCode.Done : ExitCode.FoundWrong;
    }
}
