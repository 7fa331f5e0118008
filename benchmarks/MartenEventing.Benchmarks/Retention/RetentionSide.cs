namespace MartenEventing.Benchmarks.Retention;

/// <summary>What it took to let one month go.</summary>
/// <param name="Way">How.</param>
/// <param name="Events">Events removed.</param>
/// <param name="Removal">Seconds and bytes of WAL until it had gone.</param>
/// <param name="Held">Seconds that others were locked out; null where nobody was.</param>
/// <param name="Vacuum">Seconds and bytes of WAL of a VACUUM of events and streams after it.</param>
internal sealed record RetentionSide(
    string Way, long Events, (double Seconds, double WalBytes) Removal, double? Held,
    (double Seconds, double WalBytes) Vacuum);
