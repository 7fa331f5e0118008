using MartenEventing.Politeness;

namespace MartenEventing.Conversion;

/// <summary>A step of a conversion: what a plan shows of it, and what is run.</summary>
/// <param name="Name">Its name, as it is shown while it runs.</param>
/// <param name="Description">What it does, for people.</param>
/// <param name="Sql">Its statements, in order, for psql.</param>
internal sealed record ConversionStep(string Name, string Description, params IReadOnlyList<string> Sql)
{
    /// <summary>What it keeps others from, and for how long at most. Default: nothing.</summary>
    public string Locks { get; init; } = "none that matter";

    /// <summary>Whether the time it takes is what the conversion kept others waiting.</summary>
    public bool IsSwap { get; init; }

    /// <summary>Runs it, and returns how long what succeeded kept its locks.</summary>
    public required Func<PoliteSession, CancellationToken, Task<TimeSpan>> Run { get; init; }

    /// <summary>One that keeps nobody waiting.</summary>
    public static ConversionStep Of(
        string name, string description, IReadOnlyList<string> sql, Func<PoliteSession, CancellationToken, Task> run) =>
        new(name, description, sql)
        {
            Run = async (session, token) =>
            {
                await run(session, token);
                return default;
            },
        };

    public ConversionPlanStep ForPeople => new(Name, Description, Locks, Sql);
}
