namespace MartenEventing.Benchmarks.Retention;

/// <summary>What it took to let one month go.</summary>
/// <param name="Way">How.</param>
/// <param name="Seconds">How long.</param>
/// <param name="WalBytes">Bytes of WAL.</param>
/// <param name="Events">Events removed.</param>
/// <param name="Held">Seconds that others were locked out; null where nobody was.</param>
/// <param name="DeadRows">Rows left for VACUUM.</param>
internal sealed record RetentionSide(
    string Way, double Seconds, double WalBytes, long Events, double? Held, long DeadRows);
