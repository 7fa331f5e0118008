namespace MartenEventing.Maintenance;

/// <summary>The role that is connected may not tend a table; PostgreSQL's VACUUM would only warn.</summary>
public sealed class UpkeepRefusedException : MartenEventingException
{
    internal UpkeepRefusedException(string userName, UpkeepStatement statement)
        : base(
            $"Role \"{userName}\" may not run: {statement.Sql}. Nothing was done. Run it as the owner of "
            + $"\"{statement.Target}\" or as a maintainer: marten-eventing db roles --maintainer \"{userName}\".") =>
        (UserName, Statement) = (userName, statement);

    /// <summary>The role.</summary>
    public string UserName { get; }

    /// <summary>What was to be run.</summary>
    public UpkeepStatement Statement { get; }
}
