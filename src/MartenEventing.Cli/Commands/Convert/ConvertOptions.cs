using System.CommandLine;
using MartenEventing.Cli.Commands.Events;
using MartenEventing.Cli.Output;
using MartenEventing.Conversion;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Convert;

/// <summary>The options that say how a conversion is done.</summary>
internal static class ConvertOptions
{
    public static readonly Option<ConversionWay?> Way = CommonOptions.OneOf<ConversionWay>(
        "--way",
        "How. attach copies no row: the plain table becomes the head partition. shadow makes a copy and keeps both for "
        + "a while. A conversion under way goes on as it was begun. Default: attach.");

    public static readonly Option<PartitionPeriod?> Period = CommonOptions.OneOf<PartitionPeriod>(
        "--period", "The length of the partitions. Default: month.");

    public static readonly Option<int?> LockTimeout = new("--lock-timeout")
    {
        Description = "Milliseconds that a step waits for its locks, and writers behind it: 1 to 1000. Default: 100.",
        HelpName = "ms",
    };

    public static readonly Option<int> GiveUpAfter = WaitOptions.GiveUpAfter(
        new ConversionOptions().GiveUpAfter!.Value,
        "Seconds after which a step without its locks gives up, and that each wait of an index build may last");

    public static readonly Option<DateTimeOffset?> Since = TimeOption.Of(
        "--since", "Events before this instant's period stay in the head. Default: split them all, up to 240 periods.");

    public static readonly Option<int?> Share = new("--share")
    {
        Description = "Percent of the time that batches may take, the rest is left to others: 1 to 100. Default: 20.",
        HelpName = "percent",
    };

    public static readonly Option<bool> AcceptDifferences = new("--accept-differences")
    {
        Description =
            "By the way shadow: drop the one copy of the events without comparing it with the one that stays.",
    };

    public static readonly Option<bool> AcceptTriggers = new("--accept-triggers")
    {
        Description = "Your BEFORE row triggers on mt_events leave timestamp alone, so they do not stand in the way.",
    };

    /// <summary>The options that every step takes which needs locks.</summary>
    public static void AddLocks(Command command)
    {
        command.Options.Add(LockTimeout);
        command.Options.Add(GiveUpAfter);
        command.Options.Add(CommonOptions.DryRun);
        command.Options.Add(CommonOptions.ShowSql);
        command.Options.Add(CommonOptions.Json);
    }

    public static async Task<StoreConversion> ConversionAsync(CommandContext context)
    {
        var defaults = new ConversionOptions();
        var options = new ConversionOptions
        {
            Way = context.Get(Way) ?? defaults.Way,
            Period = context.Get(Period) ?? defaults.Period,
            LockTimeout = context.Get(LockTimeout) is { } wait ? TimeSpan.FromMilliseconds(wait) : defaults.LockTimeout,
            GiveUpAfter = context.Get(GiveUpAfter) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds)
                : defaults.GiveUpAfter,
            SplitSince = context.Get(Since),
            AcceptDifferences = context.Get(AcceptDifferences),
            AcceptTriggers = context.Get(AcceptTriggers),
            BatchShare = context.Get(Share) / 100.0 ?? defaults.BatchShare,
        };
        return new StoreConversion(
            await context.DataSourceAsync(), context.Schema, options, context.Time, new TalkLogger(context.Output))
        {
            Progress = new ConvertProgress(context.Output, context.Time),
        };
    }
}
