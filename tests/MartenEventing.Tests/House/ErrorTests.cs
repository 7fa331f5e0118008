namespace MartenEventing.Tests.House;

public sealed class ErrorTests
{
    [Fact]
    public void all_errors_of_the_library_have_one_base_type() => typeof(MartenEventingException).Assembly
        .GetExportedTypes().Where(type => type.IsAssignableTo(typeof(Exception)))
        .Where(type => !type.IsAssignableTo(typeof(MartenEventingException))).ShouldBeEmpty();
}
