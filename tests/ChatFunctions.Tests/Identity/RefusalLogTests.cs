using System.Net;
using System.Text.Json.Nodes;
using ChatFunctions.Tests.Attack;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Identity;

/// <summary>What whoever deploys the app learns of tokens that it refuses. That nothing of a token is logged is in
/// <see cref="ForgedTokenTests"/>.</summary>
public sealed class RefusalLogTests(TestCloud cloud) : IAsyncLifetime
{
    private const string OtherId = "10ca1000-0000-4000-8000-00000000ffff";
    private const string AudienceUnnamed = "A token was refused: its audience is not in Entra:Audiences.";

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private ForgeryLab lab = null!;

    public async ValueTask InitializeAsync()
    {
        lab = new ForgeryLab(cloud) { Time = time };
        await lab.InitializeAsync();
    }

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Theory]
    [InlineData("aud", $"\"{OtherId}\"", $"A token was refused: its audience, {OtherId}, is not in Entra:Audiences.")]
    [InlineData("aud", $"\"api://{OtherId}\"", $"A token was refused: its audience, api://{OtherId}, is not in Entra:Audiences.")]
    [InlineData("aud", $"\"{{{OtherId}}}\"", AudienceUnnamed)]
    [InlineData("aud", $"\" {OtherId}\"", AudienceUnnamed)]
    [InlineData("aud", $"\"{OtherId}\\nwarn: forged\"", AudienceUnnamed)]
    [InlineData("aud", $"\"api://{OtherId}/\\u001b[2J\"", AudienceUnnamed)]
    [InlineData("aud", "\"https://graph.microsoft.com\"", AudienceUnnamed)]
    [InlineData("aud", $"[\"{OtherId}\", \"api://{OtherId}\"]", AudienceUnnamed)]
    [InlineData("aud", "null", AudienceUnnamed)]
    [InlineData("iss", "\"https://sts.windows.net/x\\n/\"", "A token was refused: its issuer is not the one that Entra:Authority names.")]
    [InlineData("exp", "null", "A token was refused: it has expired or is not valid yet.")]
    [InlineData("tid", $"\"{OtherId}\"", "A token was refused: its tenant (tid) is not the one in Entra:Authority.")]
    [InlineData("oid", "null", "A token was refused: it names no user (oid).")]
    [InlineData("scp", "\"Chat.Read\"", "A token was refused: its scopes (scp) are without Entra:RequiredScope.")]
    public async Task A_claim_that_is_wrong_is_named_in_one_line_and_what_it_says_only_if_it_is_an_id_of_an_API(
        string claim, string value, string line)
    {
        await RefuseAsync(lab.Token.WithClaim(claim, JsonNode.Parse(value)).SignWith(lab.Issuer.Sign));
        Assert.Equal([line], Lines);
    }

    [Fact]
    public async Task A_key_that_Entra_ID_does_not_have_is_named_apart_from_a_signature_that_is_not_good()
    {
        await RefuseAsync(lab.Token.WithHeader("kid", "x\nwarn: forged").SignWith(lab.SignAsAttacker));
        await RefuseAsync(lab.Token.SignWith(lab.SignAsAttacker));
        Assert.Equal(
            ["A token was refused: Entra ID has no such key as it names.", "A token was refused: its signature is not good."], Lines);
    }

    [Theory]
    [InlineData(-120, -60)]
    [InlineData(60, 120)]
    public async Task A_token_whose_time_is_not_now_is_said_to_be_one(int notBefore, int expires)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var token = lab.Token.WithClaim("nbf", now + notBefore).WithClaim("exp", now + expires);
        await RefuseAsync(token.SignWith(lab.Issuer.Sign));
        Assert.Equal(["A token was refused: it has expired or is not valid yet."], Lines);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    public async Task What_is_no_token_is_said_to_be_none(string token)
    {
        await RefuseAsync(token);
        Assert.Equal(["A token was refused: the header Authorization is not one bearer token that names its key."], Lines);
    }

    [Fact]
    public async Task However_many_tokens_are_refused_each_fault_has_a_line_a_minute()
    {
        var audience = lab.Token.WithClaim("aud", OtherId).SignWith(lab.Issuer.Sign);
        for (var i = 0; i < 20; i++) await RefuseAsync(audience);
        Assert.Single(Lines);
        await RefuseAsync(lab.Token.WithClaim("oid", null).SignWith(lab.Issuer.Sign));
        Assert.Equal(2, Lines.Count);

        time.Advance(TimeSpan.FromSeconds(59));
        await RefuseAsync(audience);
        Assert.Equal(2, Lines.Count);
        time.Advance(TimeSpan.FromSeconds(1));
        await RefuseAsync(audience);
        Assert.Equal(3, Lines.Count);
    }

    [Fact]
    public async Task Nothing_is_said_of_a_good_token_and_of_none()
    {
        Assert.Equal(HttpStatusCode.OK, (await lab.CallAsync($"Bearer {lab.GoodToken}")).StatusCode);
        await (await lab.CallAsync()).ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Empty(Lines);
    }

    private List<string> Lines =>
        [.. lab.Logs.Entries(LogLevel.Warning, "ChatFunctions.Identity").Select(entry => entry.TrimEnd(' '))];

    private async Task RefuseAsync(string token)
    {
        var answer = await lab.CallAsync($"Bearer {token}");
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
    }
}
