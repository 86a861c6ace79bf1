using System.Net;
using System.Text.RegularExpressions;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Telemetry;

public sealed partial class RequestLogTests(TestCloud cloud)
{
    [Fact]
    public async Task A_request_is_one_line_with_its_route_status_duration_caller_and_trace()
    {
        var traceId = TracedClient.NewTraceId();
        using var logs = new LogRecorder();
        await using var app = await cloud.StartAppAsync([], logs: logs);
        using var alice = cloud.Traced(app, "alice", traceId);
        using var answer = await alice.GetAsync("chats/no-such-room?prefix=secret");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var line = Assert.Single(Lines(logs));
        Assert.Matches($@"^GET /chats/\{{chatId\}} 404 in [0-9.]+ ms for [A-Za-z0-9_-]{{8}}, trace {traceId}\.$", line);
    }

    [Fact]
    public async Task One_who_is_not_signed_in_has_a_line_too()
    {
        using var logs = new LogRecorder();
        await using var app = await cloud.StartAppAsync([], logs: logs);
        using var anonymous = cloud.Client(app);
        using var answer = await anonymous.GetAsync("token");
        var traceId = (await answer.JsonAsync(HttpStatusCode.Unauthorized)).Text("traceId");
        Assert.Matches($@"^GET /token 401 in [0-9.]+ ms for nobody, trace {traceId}\.$", Assert.Single(Lines(logs)));
    }

    [Theory]
    [InlineData("dev", 1)]
    [InlineData("prod", 0)]
    public async Task Probes_are_logged_in_every_stage_but_prod(string stage, int lines)
    {
        using var logs = new LogRecorder();
        await using var app = await cloud.StartAppAsync(new() { ["Stage"] = stage }, logs: logs);
        using var client = cloud.Client(app, "alice");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("health/live")).StatusCode);
        Assert.Equal(lines, Lines(logs).Count);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("chats")).StatusCode);
        Assert.Equal(lines + 1, Lines(logs).Count);
    }

    [Fact]
    public async Task A_level_in_the_settings_overrules_the_stages()
    {
        using var logs = new LogRecorder();
        await using var app = await cloud.StartAppAsync(new() { ["Logging:LogLevel:ChatFunctions"] = "Warning" }, logs: logs);
        using var client = cloud.Client(app, "alice");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("chats")).StatusCode);
        Assert.Empty(Lines(logs));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("true", true)]
    public async Task What_is_asked_of_Table_Storage_is_logged_only_where_a_setting_wants_it(string? setting, bool isLogged)
    {
        var room = Guid.NewGuid().ToString("N");
        using var logs = new LogRecorder();
        await using var app = await cloud.StartAppAsync(
            new() { ["Tables:Diagnostics:IsLoggingEnabled"] = setting, ["Logging:LogLevel:Azure.Core"] = "Trace" }, logs: logs);
        using var client = cloud.Client(app, "alice");
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"chats/{room}")).StatusCode);
        Assert.Equal(isLogged, logs.Entries(LogLevel.Trace, "Azure.Core").Any(entry => entry.Contains(room, StringComparison.Ordinal)));
    }

    private static List<string> Lines(LogRecorder logs) =>
        [.. logs.Entries(LogLevel.Trace, "ChatFunctions.RequestPipeline").Select(entry => entry.Trim()).Where(entry => Line.IsMatch(entry))];

    [GeneratedRegex("^[A-Z]+ /.* in .* ms for ")]
    private static partial Regex Line { get; }
}
