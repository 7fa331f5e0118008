using Npgsql;

namespace MartenEventing.Security;

/// <summary>The role that is connected may not give or take these rights. Nothing was changed.</summary>
public sealed class RightsNotHeldException : MartenEventingException
{
    internal RightsNotHeldException(string userName, RoleStatement statement, PostgresException? inner)
        : base(
            $"Role \"{userName}\" may not run: {statement.Sql}. Nothing was changed. Rights on the store are given and "
            + "taken by its owner; membership in the owner, which maintainers need, by a superuser, or by whoever "
            + "has it WITH ADMIN OPTION.",
            inner) => (UserName, Statement) = (userName, statement);

    /// <summary>The role that is connected.</summary>
    public string UserName { get; }

    /// <summary>The statement.</summary>
    public RoleStatement Statement { get; }
}
