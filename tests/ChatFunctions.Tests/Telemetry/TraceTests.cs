using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Telemetry.Otlp;

namespace ChatFunctions.Tests.Telemetry;

public sealed class TraceTests(TestCloud cloud)
{
    [Fact]
    public async Task A_request_is_one_trace_with_its_client_and_with_every_call_that_it_causes()
    {
        var spans = await SpansOfAsync(client => client.GetAsync("token"));
        var request = Assert.Single(spans, span => Hex(span.ParentSpanId) == TracedClient.SpanId);
        Assert.Equal((Span.Types.Kind.Server, "GET /token"), (request.Kind, request.Name));
        Assert.Equal("/token", request.Attributes.Text("http.route"));
        Assert.Equal("200", request.Attributes.Text("http.response.status_code"));
        Assert.Matches("^[A-Za-z0-9_-]{8}$", request.Attributes.Text("enduser.pseudo.id"));

        var secret = Assert.Single(spans, span => span.Name == "SecretClient.GetSecret");
        Assert.Equal("Microsoft.KeyVault", secret.Attributes.Text("az.namespace"));
        var momento = Assert.Single(spans, span => span.Kind == Span.Types.Kind.Client && span.Name == "token.Token/GenerateDisposableToken");
        Assert.Equal("grpc", momento.Attributes.Text("rpc.system.name"));
        Assert.Equal("OK", momento.Attributes.Text("rpc.response.status_code"));
        Assert.All([secret, momento], call => Assert.Equal(request.SpanId, call.ParentSpanId));
    }

    [Fact]
    public async Task A_call_to_another_service_is_there_once_and_without_users_ids_or_rooms_names()
    {
        var name = ChatApi.Unique("marked");
        var spans = await SpansOfAsync(async client =>
        {
            var room = await client.RoomAsync(name);
            return await client.GetAsync($"token?chatId={Uri.EscapeDataString(room.Text("chatId"))}");
        });
        // The room, and whether the caller is banned from all.
        var reads = spans.FindAll(span => span.Name == "TableClient.GetEntityIfExists");
        var calls = reads.ConvertAll(read => Assert.Single(spans, span => span.ParentSpanId == read.SpanId));
        Assert.Equal(["200", "404"], calls.Select(http => http.Attributes.Text("http.response.status_code")).Order());
        Assert.All(calls, http => Assert.EndsWith("/rooms", http.Attributes.Text("url.full"), StringComparison.Ordinal));
        Assert.All(calls, http => Assert.DoesNotContain(spans, span => span.ParentSpanId == http.SpanId));
        Assert.DoesNotContain("marked", string.Join('\n', spans), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_names_the_trace_that_it_is_in()
    {
        var traceId = TracedClient.NewTraceId();
        using var logs = new LogRecorder();
        await using var app = await cloud.StartAppAsync([], logs: logs);
        using var client = cloud.Traced(app, "alice", traceId);
        using var answer = await client.GetAsync("chats?limit=0");
        Assert.Equal(traceId, (await answer.JsonAsync(HttpStatusCode.BadRequest)).Text("traceId"));
    }

    [Fact]
    public async Task The_program_sends_its_telemetry_where_the_environment_says()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var environment = collector.AppSettings.Where(setting => setting.Key.StartsWith("OTEL_", StringComparison.Ordinal)).ToDictionary();
        await using (var program = LocalProgram.StartWith(environment, LocalProgram.FreePorts))
        {
            await program.UntilReadyAsync();
            using var client = new HttpClient { BaseAddress = program.AddressOf("API") };
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("health/live")).StatusCode);
        }

        Assert.Contains(collector.Spans, span => span.Name == "GET /health/live");
        Assert.Contains(collector.Metrics, metric => metric.Name == "http.server.request.duration");
        Assert.Contains(collector.Logs, record => record.Body.AsText().StartsWith("GET /health/live 200 in ", StringComparison.Ordinal));
        Assert.All(collector.Resources, resource => Assert.Equal("local", resource.Attributes.Text("deployment.environment.name")));
    }

    /// <summary>The spans of the request that is traced, as a collector has them when the app has stopped.</summary>
    private async Task<List<Span>> SpansOfAsync(Func<HttpClient, Task<HttpResponseMessage>> call)
    {
        var traceId = TracedClient.NewTraceId();
        await using var collector = await OtlpCollector.StartAsync();
        await using (var app = await cloud.StartAppAsync(collector.AppSettings))
        {
            using var client = cloud.Traced(app, "alice", traceId);
            using var answer = await call(client);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.All(collector.Resources, resource => Assert.Equal("chat", resource.Attributes.Text("service.name")));
        Assert.All(collector.Resources, resource => Assert.Equal("test", resource.Attributes.Text("deployment.environment.name")));
        return [.. collector.Spans.Where(span => Hex(span.TraceId) == traceId)];
    }

    private static string Hex(Google.Protobuf.ByteString id) => Convert.ToHexStringLower(id.Span);
}
