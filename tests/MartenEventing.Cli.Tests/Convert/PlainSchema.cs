using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Convert;

/// <summary>The tables of a plain store as Marten alone makes them.</summary>
internal static class PlainSchema
{
    public static string Text => File.ReadAllText(Repository.Below("db", "V001__event_store.sql"));
}
