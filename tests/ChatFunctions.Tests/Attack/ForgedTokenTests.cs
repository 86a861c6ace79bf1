using System.Diagnostics;
using System.Net;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Attack;

public sealed class ForgedTokenTests(ForgeryLab lab) : IClassFixture<ForgeryLab>
{
    /// <summary>A good token takes some milliseconds.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);

    public static TheoryData<string> Names => [.. Forgery.All.Select(forgery => forgery.Name)];

    [Fact]
    public async Task What_they_are_made_from_is_good()
    {
        Assert.Equal(HttpStatusCode.OK, (await lab.CallAsync($"Bearer {lab.GoodToken}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await lab.CallAsync($"bearer  {lab.GoodToken} ")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_refused_soon_and_nothing_of_it_is_logged(string name)
    {
        var forgery = Forgery.All.Single(each => each.Name == name);
        var headers = forgery.Authorization(lab);
        var loggedBefore = lab.Logs.Entries().Count;
        var (answer, took) = await CallAsync(headers);
        // The machine may have been busy with something else; what is slow by itself is slow each time.
        for (var again = 0; again < 3 && took > Soon; again++) (answer, took) = await CallAsync(headers);

        Assert.InRange(took, TimeSpan.Zero, Soon);
        var problem = await answer.ProblemAsync((HttpStatusCode)forgery.Status);
        Assert.Equal(forgery.Status == 401 ? "unauthenticated" : "missing-scope", problem.ProblemType());
        Assert.Empty(await OpenApiDocument.Current.Find(HttpMethod.Get, "/chats")!.CheckAsync(answer));
        Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.False(lab.AttackersServerWasCalled);
        AssertNotLogged(headers, loggedBefore);
    }

    [Fact]
    public async Task Headers_of_100_KB_are_refused_unread_as_the_description_says()
    {
        var answer = await lab.CallAsync($"Bearer {lab.Token.WithClaim("name", new string('a', 75_000)).SignWith(lab.Issuer.Sign)}");
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
        Assert.Contains((int)answer.StatusCode, OpenApiDocument.Current.ServerRefusals);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>16 characters in a row are more than a log should know of a token.</summary>
    private void AssertNotLogged(string[] headers, int loggedBefore)
    {
        const int length = 16;
        var logged = string.Join('\n', lab.Logs.Entries().Skip(loggedBefore));
        Assert.NotEmpty(logged);
        foreach (var header in headers)
        {
            for (var start = "Bearer ".Length; start + length <= header.Length; start += length)
            {
                Assert.DoesNotContain(header.Substring(start, length), logged, StringComparison.Ordinal);
            }
        }
    }

    private async Task<(HttpResponseMessage Answer, TimeSpan Took)> CallAsync(string[] headers)
    {
        var clock = Stopwatch.StartNew();
        return (await lab.CallAsync(headers), clock.Elapsed);
    }
}
