using System.Reflection;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;

namespace MartenEventing.Tests.House;

public sealed class LogMessageTests
{
    [Fact]
    public void each_log_message_has_an_event_id_of_its_own() => typeof(SchemaMigrator).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId).OfType<int>()
        .GroupBy(id => id).Where(ids => ids.Count() > 1).Select(ids => ids.Key).ShouldBeEmpty();
}
