using MartenEventing.Partitioning;

namespace MartenEventing.Retention;

/// <summary>Archives what a run has chosen, and verifies the archive, before anything goes.</summary>
internal sealed class RetentionArchive
{
    /// <summary>Null when the archive is written and verified; else why nothing may go.</summary>
    public Task<RetentionGate?> EnsureAsync(
        PoliteSession session, RetentionRecord run, string[] leaves, CancellationToken cancellationToken) =>
        Task.FromResult<RetentionGate?>(new RetentionGate(
            RetentionGateKind.Archive, leaves.FirstOrDefault(), "its archive has not been written", "Try again"));
}
