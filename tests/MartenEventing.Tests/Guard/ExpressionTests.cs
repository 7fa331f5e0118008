using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>What is decided for every row has names that cost nothing.</summary>
public sealed class ExpressionTests
{
    [Theory]
    [InlineData(EventTenancy.Single, StreamIdentity.Guid)]
    [InlineData(EventTenancy.Conjoined, StreamIdentity.Guid)]
    [InlineData(EventTenancy.Single, StreamIdentity.String)]
    public async Task functions_in_sql_become_a_part_of_the_expression_that_names_them(
        EventTenancy tenancy, StreamIdentity identity)
    {
        await using var store = await StoreDatabase.CreateAsync(identity, tenancy: tenancy);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await RunAsync(connection, "SET plan_cache_mode = force_generic_plan");
        var functions = await store.ColumnAsync<string[]>(
            """
            SELECT ARRAY[p.proname::text, oidvectortypes(p.proargtypes), concat_ws(', ', VARIADIC (
                       SELECT array_agg('$' || n) FROM generate_series(1, p.pronargs) n))]
              FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'sql'
             WHERE p.pronamespace = 'public'::regnamespace AND p.proname ~ '^mt_'
            """);

        foreach (var function in functions)
        {
            var (name, types, arguments) = (function[0], function[1], function[2]);
            await RunAsync(
                connection, $"PREPARE x{(types == "" ? "" : $"({types})")} AS SELECT public.{name}({arguments})");
            var nulls = string.Join(", ", types.Split(',').Select(_ => "NULL"));
            await using var explain = new NpgsqlCommand(
                $"EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE x{(types == "" ? "" : $"({nulls})")}", connection);
            ((string)(await explain.ExecuteScalarAsync())!).ShouldNotContain("mt_guard_", Case.Sensitive, name);
            await RunAsync(connection, "DEALLOCATE x");
        }

        functions.Count.ShouldBeGreaterThan(10);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
