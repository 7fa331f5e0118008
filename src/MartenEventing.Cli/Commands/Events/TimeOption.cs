using System.CommandLine;
using System.Globalization;

namespace MartenEventing.Cli.Commands.Events;

/// <summary>Options that are instants: without an offset they are UTC.</summary>
internal static class TimeOption
{
    public static Option<DateTimeOffset?> Of(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            var given = result.Tokens.Single().Value;
            if (DateTimeOffset.TryParse(
                given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return time;
            result.AddError($"{name} is \"{given}\". Give an instant such as 2026-11-20 or 2026-11-20T12:30:00Z.");
            return null;
        },
    };
}
