using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Schema;

public sealed class SchemaOptionsTests
{
    public static TheoryData<string> UnusableNames() => new()
    {
        "", "pg_events", "quo\"te", "it's", "100%", "a$b", "back\\slash", "line\nbreak",
        new string('x', 64), new string('é', 32),
    };

    [Theory]
    [MemberData(nameof(UnusableNames))]
    public void a_schema_name_that_cannot_be_used_is_refused_with_the_allowed_range(string name)
    {
        using var source = NpgsqlDataSource.Create("Host=nowhere");

        var error = Should.Throw<ArgumentException>(
            () => new SchemaMigrator(source, new SchemaOptions { SchemaName = name }));

        error.Message.ShouldStartWith(
            $"SchemaOptions.SchemaName is \"{name}\". "
            + "Allowed: 1 to 63 bytes without quotes, %, $, \\ and control characters, not beginning with pg_.");
    }

    [Fact]
    public void an_undefined_period_is_refused_with_the_allowed_ones() =>
        Should.Throw<ArgumentException>(() => SchemaMigrator.Script(new SchemaOptions { Period = (PartitionPeriod)9 }))
            .Message.ShouldStartWith("SchemaOptions.Period is \"9\". Allowed: Day, Week, Month, Quarter, Year.");

    [Fact]
    public async Task a_schema_name_of_63_bytes_is_good()
    {
        await using var store = await StoreDatabase.CreateAsync(schema: new string('x', 63));

        (await store.ScalarAsync<long>($"SELECT count(*) FROM {store.Schema}.mt_events")).ShouldBe(0);
    }
}
