namespace MartenEventing.Politeness;

/// <summary>
/// Something waited for others for as long as it may, and gave up. What it had not done yet is not done; nobody was
/// held up meanwhile for longer than a lock timeout.
/// </summary>
public sealed class GaveUpWaitingException : MartenEventingException
{
    internal GaveUpWaitingException(
        string what, TimeSpan waited, string? heldBy, string? next = null, Exception? inner = null)
        : base(
            $"{what}: given up after {waited:c}" + (heldBy is null ? "" : $"; it waited for {heldBy}")
            + $". End what it waited for, or try again later. {next ?? "Nothing was changed."}", inner) =>
        (Waited, HeldBy) = (waited, heldBy);

    /// <summary>The step that was given up, as plans and progress name it; null for what is none.</summary>
    public string? Step { get; internal init; }

    /// <summary>How long it has waited, all attempts together.</summary>
    public TimeSpan Waited { get; }

    /// <summary>For whom at last, as far as the server shows it; null when nobody was seen.</summary>
    public string? HeldBy { get; }
}
