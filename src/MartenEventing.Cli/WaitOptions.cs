using System.CommandLine;

namespace MartenEventing.Cli;

/// <summary>How long a command waits for others.</summary>
internal static class WaitOptions
{
    /// <summary>An option in seconds, 1 or more.</summary>
    public static Option<int> GiveUpAfter(
        TimeSpan byDefault, string description = "Seconds that it waits for others, each time that they are in its way")
    {
        var option = new Option<int>("--give-up-after")
        {
            Description = description + ": 1 or more.",
            HelpName = "s",
            DefaultValueFactory = _ => (int)byDefault.TotalSeconds,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) < 1)
                result.AddError($"--give-up-after is {result.GetValue(option)}. Allowed: 1 or more.");
        });
        return option;
    }
}
