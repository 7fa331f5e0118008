using Marten;

namespace MartenEventing.Tests;

public static class DocumentStoreExtensions
{
    /// <summary>Writes by a session of its own.</summary>
    public static async Task SaveAsync(
        this IDocumentStore store, Action<IDocumentSession> write, string? tenant = null)
    {
        await using var session = tenant is null ? store.LightweightSession() : store.LightweightSession(tenant);
        write(session);
        await session.SaveChangesAsync();
    }
}
