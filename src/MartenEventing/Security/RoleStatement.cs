namespace MartenEventing.Security;

/// <summary>A statement that gives rights to a role, or takes them away.</summary>
/// <param name="Role">The role.</param>
/// <param name="Sql">The statement.</param>
public sealed record RoleStatement(string Role, string Sql);
