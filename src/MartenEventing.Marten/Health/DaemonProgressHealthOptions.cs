namespace MartenEventing.Marten.Health;

/// <summary>When a lagging daemon is a matter of health.</summary>
public sealed class DaemonProgressHealthOptions
{
    /// <summary>
    /// How long events are kept: one day to a hundred years. No default: it is what your retention says.
    /// </summary>
    public TimeSpan KeepFor { get; set; }

    /// <summary>
    /// How long before a partition may go the lag is reported as degraded: zero to a hundred years. Default 30 days.
    /// </summary>
    public TimeSpan Warning { get; set; } = TimeSpan.FromDays(30);

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal DaemonProgressHealthOptions Validated()
    {
        var century = TimeSpan.FromDays(36525);
        Require(KeepFor >= TimeSpan.FromDays(1) && KeepFor <= century, nameof(KeepFor), KeepFor, "1 to 36525 days");
        Require(Warning >= TimeSpan.Zero && Warning <= century, nameof(Warning), Warning, "0 to 36525 days");
        return this;
    }

    private static void Require(bool condition, string option, TimeSpan value, string allowed)
    {
        if (!condition)
            throw new ArgumentException(
                $"{nameof(DaemonProgressHealthOptions)}.{option} is \"{value}\". Allowed: {allowed}.", option);
    }
}
