using Npgsql;

namespace MartenEventing.Benchmarks.Applications;

/// <summary>How an application's connection string is completed.</summary>
/// <param name="Name">As it appears in the tables.</param>
/// <param name="Configure">Completes it.</param>
internal sealed record ConnectionStyle(string Name, Action<NpgsqlConnectionStringBuilder> Configure)
{
    /// <summary>As Marten's documentation has it: nothing is prepared.</summary>
    public static readonly ConnectionStyle Usual = new("not prepared", _ => { });

    /// <summary>What is sent twice on a connection is prepared by Npgsql.</summary>
    public static readonly ConnectionStyle AutoPrepared = new("auto-prepared", Prepare);

    /// <summary>
    /// The same on databases that keep no statistics of frequent stream ids, so that the server plans a stream read
    /// once for all streams: see <see cref="ApplicationPair.ForgetFrequentStreamsAsync"/>.
    /// </summary>
    public static readonly ConnectionStyle PlannedOnce = new("auto-prepared, stream statistics 1", Prepare);

    private static void Prepare(NpgsqlConnectionStringBuilder settings)
    {
        settings.MaxAutoPrepare = 50;
        settings.AutoPrepareMinUsages = 2;
    }
}
