using Npgsql;

namespace MartenEventing.Tests;

public sealed class TestDatabaseTests
{
    [Fact]
    public async Task each_test_has_a_database_of_its_own_which_is_dropped_even_while_connected()
    {
        await using var other = await TestDatabase.CreateAsync();
        var database = await TestDatabase.CreateAsync();
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();

        await database.DisposeAsync();

        await using var count = other.DataSource.CreateCommand("SELECT count(*) FROM pg_database WHERE datname = $1");
        count.Parameters.AddWithValue(database.Name);
        (await count.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public void the_clock_moves_only_when_told()
    {
        var start = new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);
        var clock = new TestClock(start);
        clock.GetUtcNow().ShouldBe(start);

        clock.Advance(TimeSpan.FromDays(1));

        clock.GetUtcNow().ShouldBe(start.AddDays(1));
    }
}
