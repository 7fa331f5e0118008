using MartenEventing.Events;
using Spectre.Console;

namespace MartenEventing.Cli.Commands.Events;

/// <summary>Shows how an import goes: a bar on a terminal, now and then a line elsewhere.</summary>
internal static class ImportMeter
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    public static Task<ImportReport> RunAsync(
        CommandContext context, long? length, Func<IProgress<ImportProgress>, Task<ImportReport>> import)
    {
        var rate = new ImportRate(context.Time, length);
        return context.Output.Talk.Profile.Capabilities.Interactive
            ? WithBarAsync(context, rate, import)
            : import(new Told(context, rate));
    }

    private static Task<ImportReport> WithBarAsync(
        CommandContext context, ImportRate rate, Func<IProgress<ImportProgress>, Task<ImportReport>> import) =>
        context.Output.Talk.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new ProgressBarColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async shown =>
            {
                var task = shown.AddTask("Reading", maxValue: 1);
                task.IsIndeterminate = rate.IsLengthUnknown;
                return await import(new Drawn(task, rate));
            });

    private sealed class Drawn(ProgressTask task, ImportRate rate) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            task.Description = rate.Describe(value);
            task.Value = rate.Part(value) ?? 0;
        }
    }

    private sealed class Told(CommandContext context, ImportRate rate) : IProgress<ImportProgress>
    {
        private long _last = context.Time.GetTimestamp();

        public void Report(ImportProgress value)
        {
            if (context.Time.GetElapsedTime(_last) < BetweenLines)
                return;
            _last = context.Time.GetTimestamp();
            context.Output.Say(rate.Describe(value));
        }
    }
}
