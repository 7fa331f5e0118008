using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using MartenEventing.LocalPostgres;
using Parcels.Tracking;

namespace Parcels.Api.Tests.Starting;

public sealed class StartingTests : IDisposable
{
    private static readonly (string, string) Development = ("ASPNETCORE_ENVIRONMENT", "Development");
    private static readonly HttpClient Http = new();

    private readonly string _home = Directory.CreateTempSubdirectory("parcels-home-").FullName;
    private readonly int _port = SampleProcess.FreePort();

    public StartingTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to end a process in good order.");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_home, (UnixFileMode)0b111_101_101); // Root's servers run as another account.
    }

    [Fact]
    public async Task the_plain_command_needs_nothing_prints_lines_that_work_and_leaves_no_server_behind()
    {
        await using var sample = SampleProcess.Run(_home, _port);
        await sample.StartedAsync();
        (await IsServerRunningAsync()).ShouldBeTrue();

        var connection = (await StatusAsync()).ConnectionString!.Replace("Database=postgres", "Database=parcels");
        Printed(sample, "Host=").ShouldBe([connection]);
        var document = await Http.GetFromJsonAsync<JsonElement>(Printed(sample, "http").Single());
        document.GetProperty("paths").TryGetProperty("/parcels/{id}/scans", out _).ShouldBeTrue();
        sample.Output.ShouldContain(line => line.StartsWith("No authentication: ", StringComparison.Ordinal));
        (await RunAsync(Printed(sample, "curl"))).ShouldBe(["parcel_registered", "parcel_scanned"]);

        (await sample.SignalAsync("TERM")).ShouldBe(0, sample.Errors);
        (await IsServerRunningAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task what_was_registered_is_there_after_a_restart()
    {
        var parcel = new RegisterParcel("Ada", "Bob", "Berlin", Guid.CreateVersion7());
        await using (var first = await StartedAsync())
            (await Http.PostAsJsonAsync(Url("parcels"), parcel)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await IsServerRunningAsync()).ShouldBeFalse();

        await using var second = await StartedAsync();

        var kept = await Http.GetFromJsonAsync<ParcelStatus>(Url($"parcels/{parcel.Id}"));
        kept.ShouldNotBeNull().Sender.ShouldBe("Ada");
    }

    [Fact]
    public async Task a_body_that_does_not_tell_how_long_it_is_is_not_read_to_its_end()
    {
        await using var sample = await StartedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Url("parcels"))
        {
            Content = JsonContent.Create(new RegisterParcel(new string('A', 200_000), "Bob", "Berlin")),
            Headers = { TransferEncodingChunked = true },
        };

        var answer = await Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task the_server_stops_when_the_application_is_killed()
    {
        await using var sample = await StartedAsync();

        await sample.SignalAsync("KILL");

        await Until.IsAsync(IsServerRunningAsync, runs => !runs, "the server has stopped");
    }

    [Fact]
    public async Task without_a_connection_string_production_names_the_setting_and_the_next_step()
    {
        await using var sample = SampleProcess.Start(_home, _port);

        (await sample.EndedAsync()).ShouldBe(1);

        sample.Errors.ShouldBe(
            "There is no connection string Parcels. Set ConnectionStrings__Parcels, for example to "
            + "\"Host=localhost;Database=parcels;Username=postgres\"; or set ASPNETCORE_ENVIRONMENT=Development, "
            + "where a private PostgreSQL is started instead.");
        Directory.GetFileSystemEntries(_home).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_connection_string_is_used_and_no_server_is_started()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var sample = SampleProcess.Start(
            _home, _port, Development, ("ConnectionStrings__Parcels", database.ConnectionString));
        await sample.StartedAsync();

        Directory.GetFileSystemEntries(_home).ShouldBeEmpty();
        sample.Output.ShouldNotContain(line => line.Contains("Password", StringComparison.OrdinalIgnoreCase));
        (await database.DataSource.ScalarAsync<bool>("select to_regclass('mt_events') is not null")).ShouldBeTrue();
    }

    [Fact]
    public async Task a_taken_port_is_told_before_anything_starts_with_another_one_to_try()
    {
        using var other = new TcpListener(IPAddress.Loopback, _port);
        other.Start();
        await using var sample = SampleProcess.Start(_home, _port, Development);

        (await sample.EndedAsync()).ShouldBe(1);

        sample.Errors.ShouldBe(
            $"Port {_port} is taken: something else listens on http://localhost:{_port}, perhaps this application in "
            + $"another terminal. Choose another port: dotnet run -e ASPNETCORE_URLS=http://localhost:{_port + 1}");
        Directory.GetFileSystemEntries(_home).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_second_application_says_whose_server_it_uses()
    {
        await using var first = await StartedAsync();
        first.Output.ShouldContain(line => line.Contains("; it stops with the application.", StringComparison.Ordinal));

        await using var second = SampleProcess.Start(_home, SampleProcess.FreePort(), Development);
        await second.StartedAsync();

        var owner = $"; process {first.Id} started it, and it stops with that process, ";
        second.Output.ShouldContain(line => line.Contains(owner, StringComparison.Ordinal));
        (await second.SignalAsync("TERM")).ShouldBe(0, second.Errors);
        (await IsServerRunningAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task a_home_that_cannot_be_used_is_told_with_the_settings_that_lead_elsewhere()
    {
        var file = Path.Combine(_home, "file");
        await File.WriteAllTextAsync(file, "");
        await using var sample = SampleProcess.Start(file, _port, Development);

        (await sample.EndedAsync()).ShouldBe(1);

        var lines = sample.Errors.Split('\n');
        lines.Length.ShouldBe(2, sample.Errors);
        lines[0].ShouldStartWith($"The folder {file} cannot be used: ");
        lines[0].ShouldEndWith(" Set MARTEN_EVENTING_HOME to a folder that you may write to.");
        lines[1].ShouldBe("To use a server that runs already, set ConnectionStrings__Parcels.");
    }

    [Fact]
    public async Task without_a_postgresql_the_connection_string_that_it_reads_is_named()
    {
        var empty = Path.Combine(_home, "empty");
        await using var sample = SampleProcess.Start(_home, _port, Development, ("MARTEN_EVENTING_PG_BIN", empty));

        (await sample.EndedAsync()).ShouldBe(1);

        sample.Errors.ShouldStartWith("No usable PostgreSQL ");
        sample.Errors.ShouldContain($"  - MARTEN_EVENTING_PG_BIN: {empty} has no initdb");
        sample.Errors.ShouldEndWith("To use a server that runs already, set ConnectionStrings__Parcels.");
        sample.Errors.ShouldNotContain("MARTEN_EVENTING_CONNECTION");
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:5080", "http://0.0.0.0:5080")]
    [InlineData("ASPNETCORE_URLS", "http://localhost:5080;http://[::]:5081", "http://[::]:5081")]
    [InlineData("ASPNETCORE_URLS", "http://*:5080", "http://*:5080")]
    [InlineData("Kestrel__Endpoints__Http__Url", "http://shop.example:5080", "http://shop.example:5080")]
    public async Task it_does_not_listen_to_other_machines_for_it_knows_no_authentication(
        string variable, string value, string told)
    {
        await using var sample = SampleProcess.Start(_home, _port, Development, (variable, value));

        (await sample.EndedAsync()).ShouldBe(1);

        sample.Errors.ShouldStartWith($"\"{told}\" is open to other machines, and this sample knows no authentication");
        Directory.GetFileSystemEntries(_home).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("localhost:5080")]
    [InlineData("http://localhost:65536")]
    [InlineData("http://localhost:5080/parcels")]
    public async Task what_is_no_address_to_listen_on_is_told_before_anything_starts(string url)
    {
        await using var sample = SampleProcess.Start(_home, _port, Development, ("ASPNETCORE_URLS", url));

        (await sample.EndedAsync()).ShouldBe(1);

        sample.Errors.ShouldBe(
            $"\"{url}\" is no address to listen on. Set ASPNETCORE_URLS to scheme, host and port, such as "
            + "http://localhost:5080");
        Directory.GetFileSystemEntries(_home).ShouldBeEmpty();
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static IEnumerable<string> Printed(SampleProcess sample, string start) => sample.Output
        .Where(line => line.StartsWith("    " + start, StringComparison.Ordinal)).Select(line => line.Trim());

    /// <summary>Runs the lines in a shell; the events that the last one shows.</summary>
    private static async Task<IEnumerable<string?>> RunAsync(IEnumerable<string> lines)
    {
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(':');
        Assert.SkipUnless(path.Any(folder => File.Exists($"{folder}/curl")), "There is no curl here.");
        var start = new ProcessStartInfo("sh", ["-c", string.Join('\n', lines)]) { RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        var answers = (await shell.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return JsonDocument.Parse(answers[^1]).RootElement.EnumerateArray()
            .Select(entry => entry.GetProperty("event").GetString());
    }

    private async Task<SampleProcess> StartedAsync()
    {
        var sample = SampleProcess.Start(_home, _port, Development);
        await sample.StartedAsync();
        return sample;
    }

    private string Url(string path) => $"http://localhost:{_port}/{path}";

    private Task<LocalServerStatus> StatusAsync() =>
        LocalServer.StatusAsync(new LocalPostgresOptions { RootDirectory = _home, Name = "parcels" });

    private async Task<bool> IsServerRunningAsync() => (await StatusAsync()).IsRunning;
}
