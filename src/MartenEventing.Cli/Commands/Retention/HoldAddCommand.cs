using System.CommandLine;
using MartenEventing.Cli.Commands.Events;
using MartenEventing.Retention;

namespace MartenEventing.Cli.Commands.Retention;

/// <summary>Places a legal hold.</summary>
internal sealed class HoldAddCommand : CliCommand
{
    private static readonly Option<string?> Stream = new("--stream")
    {
        Description = "Hold this stream whole; with --tenant, that of this tenant.",
        HelpName = "id",
    };

    private static readonly Option<string?> Tenant = new("--tenant")
    {
        Description = "Hold all streams of this tenant.",
        HelpName = "id",
    };

    private static readonly Option<DateTimeOffset?> From = TimeOption.Of(
        "--from", "Hold every stream with an event from this instant on.");

    private static readonly Option<DateTimeOffset?> To = TimeOption.Of(
        "--to", "Hold every stream with an event before this instant.");

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why.",
        HelpName = "text",
        Required = true,
    };

    public HoldAddCommand(CliEnvironment environment)
        : base(environment, "add",
            "Place a hold on a stream, a tenant, or all streams with an event in a range of time.")
    {
        foreach (var option in (Option[])[Stream, Tenant, From, To, Reason, HoldOptions.GiveUpAfter,
            CommonOptions.Json])
            Options.Add(option);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var (stream, tenant, from, to) = (context.Get(Stream), context.Get(Tenant), context.Get(From), context.Get(To));
        var range = from is not null || to is not null;
        if (range == (stream is not null || tenant is not null))
            throw new UsageException("A hold is on --stream, on --tenant, or on a range: --from, --to or both.");
        var (holds, reason) = (await HoldOptions.HoldsAsync(context), context.Get(Reason)!);
        var placed = range ? await holds.HoldRangeAsync(from, to, reason, context.Cancellation)
            : stream is not null ? await holds.HoldStreamAsync(stream, reason, tenant, context.Cancellation)
            : await holds.HoldTenantAsync(tenant!, reason, context.Cancellation);
        RetentionOutput.Write(context, [placed]);
        return ExitCode.Done;
    }
}
