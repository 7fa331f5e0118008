namespace MartenEventing.Tests;

/// <summary>Keeps the statements that change a schema.</summary>
internal sealed class SchemaLog : QuietLog
{
    public List<string> Changes { get; } = [];

    public override void SchemaChange(string sql) => Changes.Add(sql);
}
