using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Moderation;

public sealed class ContentSafetyTests(TestCloud cloud) : IAsyncLifetime
{
    private const string Secret = "xyzzy";

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly LogRecorder logs = new();
    private ContentSafetyServer safety = null!;
    private FunctionHost app = null!;
    private HttpClient alice = null!;
    private string room = "";

    public async ValueTask InitializeAsync()
    {
        safety = await ContentSafetyServer.StartAsync();
        app = await cloud.StartAppAsync(
            new()
            {
                ["Moderation:ContentSafety:Endpoint"] = $"{safety.Address}",
                ["Moderation:ContentSafety:Sexual"] = "2",
                ["Moderation:ContentSafety:Violence"] = "7",
            },
            time, logs: logs, services: safety.Trust);
        alice = cloud.Client(app, ChatApi.Unique("alice"));
        room = await alice.PrivateRoomAsync("safe");
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await safety.DisposeAsync();
        Assert.DoesNotContain(logs.Entries(), line => line.Contains(Secret, StringComparison.Ordinal) || line.Contains("Bearer e", StringComparison.Ordinal));
        logs.Dispose();
    }

    [Fact]
    public async Task A_message_is_rejected_from_the_severity_on_that_the_settings_name_for_the_category()
    {
        await SayAsync(HttpStatusCode.Created);
        foreach (var (category, severity, reason) in new[]
        {
            ("Hate", 2, null), ("Hate", 4, "hate"), ("SelfHarm", 2, null), ("SelfHarm", 6, "self-harm"), ("Sexual", 0, null),
            ("Sexual", 2, "sexual content"), ("Violence", 6, null),
        })
        {
            safety.Severities[category] = severity;
            var answer = await SayAsync(reason is null ? HttpStatusCode.Created : HttpStatusCode.UnprocessableEntity);
            if (reason is not null) Assert.Contains($"about {reason} in", (await answer.ProblemAsync(answer.StatusCode)).Text("detail"), StringComparison.Ordinal);
            safety.Severities.Remove(category);
        }

        Assert.Equal(8, safety.Calls);
        Assert.Empty(Warnings());
        // The longest text there is.
        await alice.SayAsync(room, string.Concat(Enumerable.Repeat("😀", 2000)));
    }

    [Fact]
    public async Task After_a_429_nothing_is_asked_until_the_service_wants_to_be_asked_again()
    {
        safety.Fault = http =>
        {
            (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (429, "7");
            return Task.CompletedTask;
        };
        Assert.Equal(TimeSpan.FromSeconds(7), (await SayAsync(HttpStatusCode.ServiceUnavailable)).Headers.RetryAfter?.Delta);
        safety.Fault = null;
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(4), (await SayAsync(HttpStatusCode.ServiceUnavailable)).Headers.RetryAfter?.Delta);
        Assert.Equal(1, safety.Calls);
        time.Advance(TimeSpan.FromSeconds(4));
        await SayAsync(HttpStatusCode.Created);
        Assert.Contains("status 429", Warnings()[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "", "status 500")]
    [InlineData(401, """{"error":{"code":"Unauthorized"}}""", "status 401")]
    [InlineData(302, "", "status 302")]
    [InlineData(307, "", "status 307")]
    [InlineData(200, "", "JsonException")]
    [InlineData(200, "[]", "JsonException")]
    [InlineData(200, "{}", "JsonException")]
    [InlineData(200, """{"categoriesAnalysis":null}""", "JsonException")]
    [InlineData(200, """{"categoriesAnalysis":[null]}""", "JsonException")]
    [InlineData(200, """{"categoriesAnalysis":[{"category":"Hate","severity":0},{"category":"Sexual","severity":0}]}""", "JsonException")]
    [InlineData(200, """{"categoriesAnalysis":[{"category":"Hate","severity":-2},{"category":"SelfHarm","severity":0},{"category":"Sexual","severity":0},{"category":"Violence","severity":0}]}""", "JsonException")]
    public async Task Another_answer_is_none_is_not_followed_and_is_told_in_the_log(int status, string body, string logged)
    {
        safety.Fault = async http =>
        {
            (http.Response.StatusCode, http.Response.ContentType) = (status, "application/json");
            if (status / 100 == 3) http.Response.Headers.Location = $"{safety.Address}elsewhere";
            await http.Response.WriteAsync(body);
        };
        await SayAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(1, safety.Calls);
        Assert.Contains(logged, Assert.Single(Warnings()), StringComparison.Ordinal);
        Assert.Empty((await alice.PageAsync(room)).Messages());
    }

    [Fact]
    public async Task A_service_that_hangs_or_breaks_off_has_failed()
    {
        safety.Fault = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        await SayAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Contains("no connection", Warnings()[^1], StringComparison.Ordinal);

        var calls = safety.Calls;
        safety.Fault = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        var said = SayAsync(HttpStatusCode.ServiceUnavailable);
        await TokenLab.UntilAsync(() => safety.Calls > calls);
        time.Advance(TimeSpan.FromSeconds(1.5));
        await said;
        Assert.Contains("no answer in time", Warnings()[^1], StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> SayAsync(HttpStatusCode expected)
    {
        var answer = await alice.PostMessageAsync(room, Secret);
        Assert.Equal(expected, answer.StatusCode);
        return answer;
    }

    private IReadOnlyList<string> Warnings() => logs.Entries(LogLevel.Warning, "ChatFunctions.");
}
