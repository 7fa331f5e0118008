using MartenEventing.Schema;
using MartenEventing.Security;
using MartenEventing.TestSupport.Postgres;

namespace MartenEventing.Tests.Security;

public sealed class StoreRolesTests
{
    public static TheoryData<RoleKind, string> KindsAndStores
    {
        get
        {
            var data = new TheoryData<RoleKind, string>();
            foreach (var kind in Enum.GetValues<RoleKind>())
                foreach (var store in (string[])["partitioned", "plain", "tenants", "strings", "schema"])
                    data.Add(kind, store);
            return data;
        }
    }

    [Theory, MemberData(nameof(KindsAndStores))]
    public async Task each_kind_is_given_what_it_needs_no_more_and_loses_it_again(RoleKind kind, string kindOfStore)
    {
        await using var store = await RoledStore.CreateAsync(OptionsOf(kindOfStore));
        var role = new StoreRole(kind, await store.RoleAsync());
        (await store.Roles.CheckAsync([role])).ShouldAllBe(found => found.IsMissing);
        (await store.Roles.CheckAsync([role])).ShouldNotBeEmpty();

        await store.Roles.ApplyAsync(await store.Roles.PlanAsync([role]));

        (await store.Roles.CheckAsync([role])).ShouldBeEmpty();
        (await store.Roles.PlanAsync([role])).ShouldBeEmpty();
        await store.Owner.ExecuteAsync($"SELECT \"{store.Schema}\".mt_settle_rights()");
        (await store.Roles.CheckAsync([role])).ShouldBeEmpty();

        await store.Roles.ApplyAsync(await store.Roles.PlanRevokingAsync([role]));

        (await store.Roles.PlanRevokingAsync([role])).ShouldBeEmpty();
        (await store.Roles.CheckAsync([role])).ShouldAllBe(found => found.IsMissing);
        (await store.Owner.ColumnAsync<string>(
            $"SELECT privilege FROM \"{store.Schema}\".mt_role_grants('{role.Name}')")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(RoleKind.App, RoleKind.Reader)]
    [InlineData(RoleKind.Reader, RoleKind.App)]
    [InlineData(RoleKind.Auditor, RoleKind.Legal)]
    [InlineData(RoleKind.Reader, RoleKind.Auditor)]
    public async Task another_kind_of_the_same_role_keeps_its_own(RoleKind taken, RoleKind kept)
    {
        await using var store = await RoledStore.CreateAsync();
        var name = await store.RoleAsync(taken, kept);

        await store.Roles.ApplyAsync(await store.Roles.PlanRevokingAsync([new StoreRole(taken, name)]));

        (await store.Roles.CheckAsync([new StoreRole(kept, name)])).ShouldBeEmpty();
    }

    [Fact]
    public async Task all_kinds_of_a_role_are_taken_away_in_one_go()
    {
        await using var store = await RoledStore.CreateAsync();
        var kinds = Enum.GetValues<RoleKind>();
        var name = await store.RoleAsync(kinds);

        await store.Roles.ApplyAsync(
            await store.Roles.PlanRevokingAsync([.. kinds.Select(kind => new StoreRole(kind, name))]));

        (await store.Owner.ColumnAsync<string>($"SELECT privilege FROM mt_role_grants('{name}')")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GRANT DELETE ON mt_events TO {0}", "DELETE public.mt_events")]
    [InlineData("GRANT UPDATE (data) ON mt_events TO PUBLIC", "UPDATE public.mt_events")]
    [InlineData("GRANT SELECT ON mt_events_tail TO {0}", "SELECT public.mt_events_tail")]
    [InlineData("GRANT CREATE ON SCHEMA public TO PUBLIC", "CREATE public")]
    [InlineData(
        "GRANT EXECUTE ON FUNCTION mt_enforce_append_only TO {0}", "EXECUTE public.mt_enforce_append_only(boolean)")]
    public async Task what_a_reader_may_do_beyond_reading_is_found_by_whatever_way_it_came(string grant, string found)
    {
        await using var store = await RoledStore.CreateAsync();
        var name = await store.RoleAsync(RoleKind.Reader);
        await store.Owner.ExecuteAsync(string.Format(null, grant, name));

        (await store.Roles.CheckAsync([new StoreRole(RoleKind.Reader, name)]))
            .Select(finding => $"{finding.Privilege} {finding.Object}").ShouldBe([found]);
    }

    [Theory]
    [InlineData("nobody", "There is no role \"nobody\". Make it: CREATE ROLE nobody LOGIN.")]
    [InlineData("No Body", "There is no role \"No Body\". Make it: CREATE ROLE \"No Body\" LOGIN.")]
    [InlineData("PUBLIC", "\"PUBLIC\" is everybody, not a role: rights on a store are given to roles of their own. "
        + "Make one: CREATE ROLE name LOGIN.")]
    public async Task a_role_that_is_none_is_refused_by_name(string name, string message)
    {
        await using var store = await RoledStore.CreateAsync();

        (await Should.ThrowAsync<RoleRefusedException>(
                () => store.Roles.PlanAsync([new StoreRole(RoleKind.App, name)])))
            .Message.ShouldBe(message);
    }

    [Fact]
    public async Task the_owner_is_refused()
    {
        await using var store = await RoledStore.CreateAsync();
        var owner = await store.Owner.ScalarAsync<string>("SELECT current_user::text");

        (await Should.ThrowAsync<RoleRefusedException>(
                () => store.Roles.PlanAsync([new StoreRole(RoleKind.App, owner)])))
            .Message.ShouldBe($"Role \"{owner}\" owns the store in schema \"public\" and may do everything with it. "
                + "Make another one: CREATE ROLE name LOGIN.");
    }

    [Fact]
    public async Task no_maintainer_is_made_of_a_store_that_belongs_to_a_superuser()
    {
        await using var database = await TestDatabase.CreateAsync();
        await new SchemaMigrator(database.Superuser, new SchemaOptions()).ApplyAsync();
        var role = "r_" + Guid.NewGuid().ToString("N");
        await database.Superuser.ExecuteAsync($"CREATE ROLE {role}");
        try
        {
            var error = await Should.ThrowAsync<RoleRefusedException>(
                () => new StoreRoles(database.Superuser).PlanAsync([new StoreRole(RoleKind.Maintainer, role)]));
            error.RoleName.ShouldBe(role);
            error.Message.ShouldContain("a superuser, and a maintainer is a member of the owner");
            error.Message.ShouldContain("ALTER ... OWNER TO");
        }
        finally
        {
            await database.Superuser.ExecuteAsync($"DROP ROLE {role}");
        }
    }

    [Theory, InlineData(RoleKind.Maintainer), InlineData(RoleKind.Reader)]
    public async Task who_may_not_give_rights_is_told_so_and_nothing_is_changed(RoleKind kind)
    {
        await using var store = await RoledStore.CreateAsync();
        var (app, other) = (await store.RoleAsync(RoleKind.App), await store.RoleAsync());
        await using var source = Npgsql.NpgsqlDataSource.Create(store.As(app));
        var plan = await store.Roles.PlanAsync([new StoreRole(kind, other)]);

        var error = await Should.ThrowAsync<RightsNotHeldException>(() => new StoreRoles(source).ApplyAsync(plan));

        error.UserName.ShouldBe(app);
        error.Message.ShouldContain("may not run: GRANT ");
        (await store.Roles.PlanAsync([new StoreRole(kind, other)])).ShouldBe(plan);
    }

    [Fact]
    public async Task a_member_of_the_owner_that_does_not_have_its_rights_is_found()
    {
        await using var store = await RoledStore.CreateAsync();
        var name = await store.RoleAsync();
        var maintainer = new StoreRole(RoleKind.Maintainer, name);
        await store.Superuser.ExecuteAsync($"ALTER ROLE {name} NOINHERIT");
        var owner = await store.Owner.ScalarAsync<string>("SELECT current_user::text");
        await store.Superuser.ExecuteAsync($"GRANT {owner} TO {name}");

        (await store.Roles.CheckAsync([maintainer])).ShouldHaveSingleItem().Privilege.ShouldBe("INHERIT");
        await store.Superuser.ExecuteAsync($"ALTER ROLE {name} INHERIT");
        await store.Roles.ApplyAsync(await store.Roles.PlanAsync([maintainer]));

        (await store.Roles.CheckAsync([maintainer])).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_kind_that_there_is_not_is_refused_in_the_database()
    {
        await using var store = await RoledStore.CreateAsync();

        var error = await Should.ThrowAsync<Npgsql.PostgresException>(
            () => store.Owner.ExecuteAsync("SELECT mt_role_rights('admin')"));
        (error.SqlState, error.MessageText).ShouldBe(("22023", "there is no kind of role called 'admin'"));
    }

    private static SchemaOptions OptionsOf(string store) => store switch
    {
        "plain" => new SchemaOptions { Layout = StoreLayout.Plain },
        "tenants" => new SchemaOptions { Tenancy = EventTenancy.Conjoined, PartitionByTenant = true },
        "strings" => new SchemaOptions { StreamIdentity = StreamIdentity.String },
        "schema" => new SchemaOptions { SchemaName = "Event Store" },
        _ => new SchemaOptions(),
    };
}
