namespace MartenEventing.Security;

/// <summary>A role cannot be given the rights of this kind. Nothing was changed.</summary>
public sealed class RoleRefusedException : MartenEventingException
{
    private RoleRefusedException(StoreRole role, string reason)
        : base(reason) => (RoleName, Kind) = (role.Name, role.Kind);

    /// <summary>The role.</summary>
    public string RoleName { get; }

    /// <summary>The kind that it was to be of.</summary>
    public RoleKind Kind { get; }

    internal static RoleRefusedException Public(StoreRole role) => new(
        role,
        $"\"{role.Name}\" is everybody, not a role: rights on a store are given to roles of their own. "
        + "Make one: CREATE ROLE name LOGIN.");

    internal static RoleRefusedException Unknown(StoreRole role, string quoted) => new(
        role, $"There is no role \"{role.Name}\". Make it: CREATE ROLE {quoted} LOGIN.");

    internal static RoleRefusedException Owner(StoreRole role, string schema) => new(
        role,
        $"Role \"{role.Name}\" owns the store in schema \"{schema}\" and may do everything with it. "
        + "Make another one: CREATE ROLE name LOGIN.");

    internal static RoleRefusedException OwnedBySuperuser(StoreRole role, string schema, string owner) => new(
        role,
        $"Role \"{role.Name}\" cannot maintain the store in schema \"{schema}\": it belongs to \"{owner}\", a "
        + "superuser, and a maintainer is a member of the owner. Give it to a role of its own: CREATE ROLE name "
        + "NOLOGIN, then ALTER ... OWNER TO name for the schema and all that is in it, as docs/security.md shows.");
}
