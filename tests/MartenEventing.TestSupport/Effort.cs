using System.Globalization;

namespace MartenEventing.TestSupport;

/// <summary>
/// How much a test tries that could go on for ever: histories by chance, every moment to be killed at, years, load. By
/// default a small share, the same each time; with MARTEN_EVENTING_FULL=1 all of it, and another each time.
/// </summary>
public static class Effort
{
    private const int UsualSeed = 20261129;

    /// <summary>Whether all is to be tried.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("MARTEN_EVENTING_FULL") is { Length: > 0 };

    /// <summary>
    /// The seed that was given by MARTEN_EVENTING_SEED, to repeat what a test printed; null when none was.
    /// </summary>
    public static int? GivenSeed { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("MARTEN_EVENTING_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed
            : null;

    /// <summary>Where chance begins.</summary>
    public static int Seed => GivenSeed ?? (IsFull ? Random.Shared.Next(int.MaxValue / 2) : UsualSeed);

    /// <summary>How many.</summary>
    public static int Of(int share, int full) => IsFull ? full : share;
}
