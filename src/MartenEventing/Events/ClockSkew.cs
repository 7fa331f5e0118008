namespace MartenEventing.Events;

/// <summary>
/// How far the clocks of those who write may differ from the server's, as the functions in <c>db/</c> have it: there
/// the values stand in the statements, since a function that tells them would cost each append its call.
/// </summary>
internal static class ClockSkew
{
    /// <summary>An event that is off the server's time by no more is one of the present.</summary>
    public const string Present = "5 minutes";

    /// <summary>
    /// By so much a bounded read looks beyond what the row of a stream tells of its life: twice the skew, because that
    /// row may be off, too.
    /// </summary>
    public const string OfLife = "10 minutes";
}
