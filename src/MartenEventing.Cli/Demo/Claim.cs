namespace MartenEventing.Cli.Demo;

/// <summary>What a scene says is looked at first: the demo fails rather than tell something that is not so.</summary>
internal static class Claim
{
    /// <exception cref="ClaimException">It does not hold.</exception>
    public static void Holds(bool holds, string otherwise)
    {
        if (!holds)
            throw new ClaimException(otherwise);
    }

    /// <exception cref="ClaimException">The values differ.</exception>
    public static void Same<T>(T before, T after, string what) =>
        Holds(EqualityComparer<T>.Default.Equals(before, after), $"{what} was {before} and is {after}.");
}
