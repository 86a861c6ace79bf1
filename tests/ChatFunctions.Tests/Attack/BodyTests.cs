using System.Net;
using System.Text;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Attack;

/// <summary>Bodies that do not end.</summary>
public sealed class BodyTests(TestCloud cloud)
{
    [Fact]
    public async Task A_body_that_stops_coming_is_a_408_when_the_requests_time_is_over_and_not_a_failure_here()
    {
        using var logs = new LogRecorder(LogLevel.Warning);
        await using var app = await cloud.StartAppAsync(new() { ["Http:RequestTimeout"] = "00:00:02" }, logs: logs);
        // The key of Entra ID is there before.
        await cloud.Client(app, "alice").RoomAsync(ChatApi.Unique("slow"));
        var answer = await PostAsync(app, "Content-Length: 100", """{"chatName": """);
        Assert.Equal("body-too-slow", (await answer.ProblemAsync(HttpStatusCode.RequestTimeout)).ProblemType());
        Assert.Empty(logs.Entries(category: "ChatFunctions"));
    }

    [Theory]
    [InlineData("Content-Length: 4097")]
    [InlineData("Content-Length: 99999999999")]
    public async Task A_body_that_says_it_is_too_large_is_a_413_before_it_comes(string length)
    {
        await using var app = await cloud.StartAppAsync([]);
        var answer = await PostAsync(app, length, "");
        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    /// <param name="body">What comes of it.</param>
    private async Task<HttpResponseMessage> PostAsync(FunctionHost app, string length, string body)
    {
        using var client = new RawClient(app.Address);
        var token = cloud.Local.Entra.CreateAccessToken("alice");
        var request = $"POST /chats HTTP/1.1\r\nHost: {app.Address.Authority}\r\nAuthorization: Bearer {token}\r\n" +
            $"Content-Type: application/json\r\n{length}\r\n\r\n{body}";
        return await client.SendAsync(HttpMethod.Post, Encoding.ASCII.GetBytes(request));
    }
}
