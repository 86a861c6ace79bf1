using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Telemetry;
using ChatFunctions.Tests.Tokens;

namespace ChatFunctions.Tests.Worker;

/// <summary>The app's Program.cs under the real worker, in a process that is started as the Functions host starts it.</summary>
public sealed class WorkerTests(TestCloud cloud, WorkerTests.SharedApp shared) : IClassFixture<WorkerTests.SharedApp>
{
    /// <summary>The app with the cloud's settings, for the tests that need no other.</summary>
    public sealed class SharedApp(TestCloud cloud) : IAsyncLifetime
    {
        public WorkerApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await WorkerApp.StartAsync(cloud);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    [Fact]
    public void The_worker_reports_each_function_that_the_embedded_host_finds_with_its_route_and_methods_and_without_a_key()
    {
        var embedded = from function in HttpFunction.In(typeof(ChatServices).Assembly)
                       select $"{function.Name} {string.Join(',', function.Methods)} {function.Route} {function.Level}";
        var reported = from function in shared.App.Host.Functions where function.IsHttp
                       select $"{function.Name} {string.Join(',', function.Methods)} /{function.Route} {function.AuthLevel}";
        Assert.Equal(embedded.Order(StringComparer.Ordinal), reported.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task No_answer_crosses_to_the_host_a_second_time_and_no_token_is_in_the_hosts_log()
    {
        var (app, before) = (shared.App, shared.App.Host.RpcAnswers.Count);
        var token = (await app.Client("alice").TokenAsync()).Text("token");
        foreach (var path in new[] { "openapi.json", "health/ready" }) Assert.Equal(HttpStatusCode.OK, (await app.Client().GetAsync(path)).StatusCode);

        await TokenLab.UntilAsync(() => app.Host.RpcAnswers.Count == before + 3);
        Assert.All(app.Host.RpcAnswers, answer => Assert.Equal("""{ "status": "SUCCESS" }""", answer.Result.ToString()));
        Assert.All(app.Host.RpcAnswers, answer => Assert.Equal("{}", answer.ReturnValue.Json));
        Assert.DoesNotContain(app.Host.Logs, entry => entry.ToString().Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_host_logs_one_line_for_a_request_and_none_for_a_probe()
    {
        var (probe, request) = (TracedClient.NewTraceId(), TracedClient.NewTraceId());
        await cloud.Traced(shared.App.Host.Address, "alice", probe).GetAsync("health/live");
        await cloud.Traced(shared.App.Host.Address, "alice", request).GetAsync("chats/no-such-room");
        await TokenLab.UntilAsync(() => Lines(request).Any());
        Assert.Matches(@"^GET /chats/\{chatId\} 404 in [0-9.]+ ms for [A-Za-z0-9_-]{8}, trace [0-9a-f]{32}\.$", Assert.Single(Lines(request)));
        Assert.Empty(Lines(probe));

        IEnumerable<string> Lines(string traceId) =>
            shared.App.Host.Logs.Select(entry => entry.Message).Where(line => line.Contains(traceId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_64_racers_for_a_new_name_exactly_one_wins()
    {
        var name = ChatApi.Unique("race");
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(number => shared.App.Client($"racer-{number}").CreateRoomAsync(name)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(63, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_its_request_and_nothing_else()
    {
        await using var tables = await HttpFaultProxy.StartAsync(cloud.Local.Storage.TableEndpoint);
        await using var app = await WorkerApp.StartAsync(cloud, new() { ["Tables:ConnectionString"] = cloud.TablesThrough(tables.Address) });
        tables.Fail(HttpFaults.NoAnswer);
        using var gone = new CancellationTokenSource();
        var request = app.Client("alice").GetAsync("chats", gone.Token);
        await TokenLab.UntilAsync(() => tables.Requests > 0);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await TokenLab.UntilAsync(() => app.Host.Logs.Any(entry => entry.Message.StartsWith("GET /chats 499 in ", StringComparison.Ordinal)));
        tables.Heal();
        Assert.Equal(HttpStatusCode.OK, (await app.Client("alice").GetAsync("chats?limit=1")).StatusCode);
    }

    [Fact]
    public async Task When_the_host_drains_what_is_under_way_is_answered_and_the_worker_ends_by_itself()
    {
        await using var tables = new FaultProxy(cloud.Local.Storage.TableEndpoint);
        await using var app = await WorkerApp.StartAsync(cloud, new() { ["Tables:ConnectionString"] = cloud.TablesThrough(tables.Address) });
        await app.Client("alice").RoomAsync(ChatApi.Unique("before"));
        tables.HoldAnswers();
        var creating = Enumerable.Range(0, 8).Select(_ => app.Client("alice").CreateRoomAsync(ChatApi.Unique("drain"))).ToList();
        await TokenLab.UntilAsync(() => tables.OpenConnections >= 8);

        var stopping = app.Host.StopAsync(Grace);
        Assert.False(stopping.IsCompleted);
        tables.ReleaseAnswers();
        foreach (var answer in await Task.WhenAll(creating)) await answer.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(0, await stopping);
    }

    [Fact]
    public async Task A_missing_setting_ends_the_worker_at_its_start_and_is_named()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => WorkerApp.StartAsync(cloud, new() { ["Momento:CacheName"] = null }));
        Assert.Contains("Momento:CacheName is missing.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_NET_runs_without_ICU_the_worker_ends_at_its_start_and_says_why()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => WorkerApp.StartAsync(cloud, new() { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" }));
        Assert.Contains("Unicode normalization needs ICU", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_an_exporter_a_request_is_part_of_its_clients_trace_with_every_call_that_it_causes()
    {
        var traceId = TracedClient.NewTraceId();
        await using var collector = await OtlpCollector.StartAsync();
        await using (var app = await WorkerApp.StartAsync(cloud, collector.AppSettings))
        {
            using var alice = cloud.Traced(app.Host.Address, "alice", traceId);
            Assert.Equal(traceId, (await (await alice.GetAsync("chats/no-such-room")).JsonAsync(HttpStatusCode.NotFound)).Text("traceId"));
            await app.Host.StopAsync(Grace);
        }

        Assert.Contains(collector.Spans, span => Convert.ToHexStringLower(span.TraceId.Span) == traceId && span.Name == "TableClient.GetEntityIfExists");
        Assert.Contains(collector.Logs, record => Convert.ToHexStringLower(record.TraceId.Span) == traceId);
    }

    [Fact]
    public async Task A_start_writes_no_file_into_the_home_folder()
    {
        await shared.App.Client("alice").TokenAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(shared.App.Home));
    }
}
