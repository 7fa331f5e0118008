using System.Runtime.CompilerServices;
using MartenEventing.Marten.Maintenance;
using MartenEventing.Schema;

namespace MartenEventing.Tests.House;

/// <summary>The adapter is a guest of the engine: it has names of its own, and uses what everybody may use.</summary>
public sealed class NamespaceTests
{
    [Fact]
    public void the_adapter_has_namespaces_of_its_own() => typeof(PartitionMaintenance).Assembly.GetTypes()
        .Select(type => type.Namespace ?? "").Distinct()
        .Where(name => name.StartsWith("MartenEventing", StringComparison.Ordinal)
            && name != "MartenEventing.Marten" && !name.StartsWith("MartenEventing.Marten.", StringComparison.Ordinal))
        .ShouldBeEmpty();

    [Fact]
    public void its_errors_have_the_base_type_of_the_engines() => typeof(PartitionMaintenance).Assembly
        .GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Exception)))
        .ShouldAllBe(type => type.IsAssignableTo(typeof(MartenEventingException)));

    [Fact]
    public void the_engine_shows_its_insides_to_tests_only() => typeof(SchemaMigrator).Assembly
        .GetCustomAttributes(typeof(InternalsVisibleToAttribute), inherit: false).Cast<InternalsVisibleToAttribute>()
        .Select(shown => shown.AssemblyName).ShouldBe(
            ["MartenEventing.Tests", "MartenEventing.TestSupport"], ignoreOrder: true);
}
