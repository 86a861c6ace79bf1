using System.Text.RegularExpressions;
using ChatFunctions.Local;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Http;

/// <summary>chat.http, run from its first request to its last; only the ports and a name are others.</summary>
public sealed partial class HttpFileTests(TestCloud cloud)
{
    [Fact]
    public async Task Every_request_succeeds_and_every_route_is_among_them()
    {
        // Bob is banned there, from all public rooms: the tests beside this one know another bob.
        var entra = LoopbackServer.OriginOf(cloud.Local.Entra.TokenEndpoint);
        var file = new HttpFile(new()
        {
            ["api"] = LoopbackServer.OriginOf(cloud.AppAddress),
            ["entra"] = $"{entra}/10ca1000-0000-4000-8000-000000000000",
        });
        using var client = new HttpClient();
        foreach (var request in file.Requests)
        {
            var mine = request with { Body = request.Body.Replace("username=bob", "username=bob-of-chat.http", StringComparison.Ordinal) };
            using var answer = await file.SendAsync(client, mine);
            Assert.True(answer.IsSuccessStatusCode, $"{request.Title}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }

        var asked = file.Requests.Select(request => $"{request.Method} {Parameter().Replace(request.Address.Split("{{api}}")[^1].Split('?')[0], "*")}");
        var routes = HttpFunction.In(typeof(ChatServices).Assembly)
            .SelectMany(function => function.Methods.Where(method => method != "head").Select(method => $"{method.ToUpperInvariant()} {Parameter().Replace(function.Route, "*")}"));
        Assert.Empty(routes.Except(asked));
    }

    [GeneratedRegex(@"\{+[^}]*\}+")]
    private static partial Regex Parameter();
}
