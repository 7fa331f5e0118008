using Wolverine;
using Wolverine.Persistence;

namespace Parcels.Api;

/// <summary>The messages of the application, which stay within its process.</summary>
public static class ParcelMessaging
{
    /// <summary>
    /// Adds Wolverine with durable local queues: a message is stored with the events that caused it, in one
    /// transaction, and is handled after a crash too.
    /// </summary>
    public static void AddParcelMessaging(this WebApplicationBuilder builder) => builder.Host.UseWolverine(options =>
    {
        options.ApplicationAssembly = typeof(ParcelMessaging).Assembly;
        options.Policies.AutoApplyTransactions();
        options.Policies.UseDurableLocalQueues();
        options.EntityDefaults.OnMissing = OnMissing.ProblemDetailsWith404;

        // One process: it need not wait to be elected before it works on what is scheduled.
        options.Durability.Mode = DurabilityMode.Solo;
    });
}
