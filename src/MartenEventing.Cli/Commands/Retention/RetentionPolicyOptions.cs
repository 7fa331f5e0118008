using System.CommandLine;
using MartenEventing.Cli.Commands.Archive;
using MartenEventing.Cli.Output;
using MartenEventing.Retention;

namespace MartenEventing.Cli.Commands.Retention;

/// <summary>The options that say what is kept how long.</summary>
internal static class RetentionPolicyOptions
{
    public static readonly Option<RetentionAge?> OlderThan = AgeOption(
        "--older-than", "Streams go whose newest event is older: 90d, 12w, 24mo, 5y; by the calendar, in UTC.");

    public static readonly Option<int?> KeepLast = new("--keep-last")
    {
        Description = "Only so many partitions whose time is over are kept: 1 to 10000.",
        HelpName = "n",
    };

    public static readonly Option<long?> MaxSize = new("--max-size")
    {
        Description = "The oldest partitions go until all take up no more: 500MB, 50GB, 2TB.",
        HelpName = "size",
        CustomParser = result =>
        {
            if (ByteSize.TryParse(result.Tokens.Single().Value, out var bytes))
                return bytes;
            result.AddError($"--max-size is \"{result.Tokens.Single().Value}\". Allowed: 500MB, 50GB, 2TB.");
            return null;
        },
    };

    public static readonly Option<RetentionAge?> MinimumAge = AgeOption(
        "--minimum-age", "Nothing younger is removed, whatever else is said. Default: 30d.");

    public static readonly Option<bool> Cut = new("--cut")
    {
        Description = "Partitions go whatever lives in them: streams lose their old events.",
    };

    public static readonly Option<string?> Archive = new("--archive")
    {
        Description =
            "Write partition archives of what is removed into this folder, or s3://bucket/prefix, first, and verify "
            + "them.",
        HelpName = "folder",
    };

    public static readonly Option<FileInfo> Config = new Option<FileInfo>("--config")
    {
        Description =
            "A JSON file with the policies, or with a section Retention that has them. Options given beside it win.",
        HelpName = "file",
    }.AcceptExistingOnly();

    public static readonly Option<string?> Tenant = new("--tenant")
    {
        Description =
            "Only the partitions of this tenant, in a store where each has its own. Default: those of all, one tenant "
            + "after the other.",
        HelpName = "id",
    };

    public static void AddTo(Command command)
    {
        foreach (var option in (Option[])
                 [
                     OlderThan, KeepLast, MaxSize, MinimumAge, Cut, Archive, ArchiveCliOptions.KeyFile, Config, Tenant,
                     CommonOptions.ShowSql, CommonOptions.Json,
                 ])
            command.Options.Add(option);
    }

    public static async Task<StoreRetention> RetentionAsync(CommandContext context)
    {
        var options = context.Get(Config) is { } file
            ? RetentionConfiguration.Parse(await File.ReadAllTextAsync(file.FullName, context.Cancellation))
            : new RetentionOptions();
        options = options with
        {
            OlderThan = context.Get(OlderThan) ?? options.OlderThan,
            KeepLast = context.Get(KeepLast) ?? options.KeepLast,
            MaxSize = context.Get(MaxSize) ?? options.MaxSize,
            MinimumAge = context.Get(MinimumAge) ?? options.MinimumAge,
            Cut = context.Get(Cut) || options.Cut,
            ArchiveDirectory = context.Get(Archive) ?? options.ArchiveDirectory,
        };
        if (!options.RemovesAnything)
            throw new UsageException(
                "No policy is given, so everything is kept for ever. One is: --older-than 24mo. Others: --keep-last, "
                + "--max-size, or a file with --config.");
        return new StoreRetention(
            await context.DataSourceAsync(), context.Schema, options, context.Time, new TalkLogger(context.Output))
        {
            Tenant = context.Get(Tenant),
            Progress = new RetentionTalk(context.Output, context.Time),
            ArchiveStorage = options.ArchiveDirectory is { } place ? ArchivePlace.Open(context, place) : null,
            ArchiveKey = await ArchiveCliOptions.KeyAsync(context),
        };
    }

    private static Option<RetentionAge?> AgeOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "age",
        CustomParser = result =>
        {
            if (RetentionAge.TryParse(result.Tokens.Single().Value, out var age))
                return age;
            result.AddError($"{name} is \"{result.Tokens.Single().Value}\". Allowed: 90d, 12w, 24mo, 5y.");
            return null;
        },
    };
}
