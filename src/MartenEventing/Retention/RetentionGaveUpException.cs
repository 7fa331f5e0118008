namespace MartenEventing.Retention;

/// <summary>A step did not get its locks in the time allowed. The next run goes on from there.</summary>
public sealed class RetentionGaveUpException : Exception
{
    internal RetentionGaveUpException(string schemaName, string step, TimeSpan waited, string? heldBy, string left)
        : base($"Schema \"{schemaName}\": the step \"{step}\" of retention did not get its locks within {waited:c}"
            + (heldBy is null ? "" : $"; it waited for {heldBy}")
            + ". Nobody was held up meanwhile for longer than the lock timeout. End what it waited for, or try again "
            + $"later: marten-eventing retention apply goes on from here.{left}")
    {
        SchemaName = schemaName;
        Step = step;
        Waited = waited;
        HeldBy = heldBy;
    }

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }

    /// <summary>The step.</summary>
    public string Step { get; }

    /// <summary>How long it has tried.</summary>
    public TimeSpan Waited { get; }

    /// <summary>Who held the locks at last; null when nobody was seen.</summary>
    public string? HeldBy { get; }
}
