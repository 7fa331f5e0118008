using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace MartenEventing.Cli;

/// <summary>Numbers and dates: read alike whatever the culture, and told what is allowed when they are none.</summary>
internal static class PlainValues
{
    private delegate bool Reader<T>(string text, out T value);

    /// <summary>Gives the options of a command, and of those below it, their parsers.</summary>
    public static T ReadPlainly<T>(this T command) where T : Command
    {
        foreach (var option in command.Options)
            ReadPlainly(option);
        foreach (var child in command.Subcommands)
            child.ReadPlainly();
        return command;
    }

    private static void ReadPlainly(Option option)
    {
        switch (option)
        {
            case Option<int> number:
                number.CustomParser ??= result => Read<int>(result, Whole, WholeUpTo(int.MaxValue)) ?? 0;
                break;
            case Option<int?> number:
                number.CustomParser ??= result => Read<int>(result, Whole, WholeUpTo(int.MaxValue));
                break;
            case Option<long?> number:
                number.CustomParser ??= result => Read<long>(result, Whole, WholeUpTo(long.MaxValue));
                break;
            case Option<DateOnly?> day:
                day.CustomParser ??= result => Read<DateOnly>(result, Day, "a date, as 2026-09-01");
                break;
        }
    }

    private static T? Read<T>(ArgumentResult result, Reader<T> reader, string allowed) where T : struct
    {
        var given = result.Tokens.Single().Value;
        if (reader(given, out var value))
            return value;
        result.AddError($"{((OptionResult)result.Parent!).Option.Name} is \"{given}\". Allowed: {allowed}.");
        return null;
    }

    private static bool Whole<T>(string text, out T value) where T : struct, IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool Day(string text, out DateOnly value) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);

    private static string WholeUpTo(long most) =>
        $"a whole number, up to {most.ToString(CultureInfo.InvariantCulture)}";
}
