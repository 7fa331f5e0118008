namespace MartenEventing.Security;

/// <summary>A role of the server, and what it has to do with a store.</summary>
/// <param name="Kind">What it has to do with it.</param>
/// <param name="Name">Its name, as in <c>pg_roles</c>.</param>
public sealed record StoreRole(RoleKind Kind, string Name);
