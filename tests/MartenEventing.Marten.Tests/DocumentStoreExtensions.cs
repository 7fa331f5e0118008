using Marten;

namespace MartenEventing.Tests;

public static class DocumentStoreExtensions
{
    /// <summary>Writes by a session of its own.</summary>
    public static async Task SaveAsync(this IDocumentStore store, Action<IDocumentSession> write)
    {
        await using var session = store.LightweightSession();
        write(session);
        await session.SaveChangesAsync();
    }
}
