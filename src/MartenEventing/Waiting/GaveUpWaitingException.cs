namespace MartenEventing.Waiting;

/// <summary>
/// Something waited for others for as long as it may, and gave up. What it had not done yet is not done.
/// </summary>
public sealed class GaveUpWaitingException : Exception
{
    internal GaveUpWaitingException(
        string what, TimeSpan waited, string? heldBy, string? next = null, Exception? inner = null)
        : base(
            $"{what}: given up after {waited:c}" + (heldBy is null ? "" : $"; it waited for {heldBy}")
            + $". End what it waited for, or try again later. {next ?? "Nothing was changed."}", inner) =>
        (Waited, HeldBy) = (waited, heldBy);

    /// <summary>How long it waited at most.</summary>
    public TimeSpan Waited { get; }

    /// <summary>For whom, as far as the server shows it; null when nobody was seen.</summary>
    public string? HeldBy { get; }
}
