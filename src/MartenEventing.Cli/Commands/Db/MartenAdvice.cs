using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Db;

/// <summary>Says so of a store whose tables are those of an older Marten, or of a newer one.</summary>
internal static class MartenAdvice
{
    public static void Write(CommandContext context, MartenTables tables)
    {
        if (tables.Missing.Count > 0)
            context.Output.Say($"Marten's tables are {tables}. They work as they are; `db-apply` of an application on "
                + $"Marten {MartenTables.Version} or newer adds what it needs.");
        else if (tables.Unknown.Count > 0)
            context.Output.Say($"Marten's tables are {tables}. They are left as they are.");
    }
}
