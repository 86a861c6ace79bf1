using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Tokens;

public sealed class SecretTests(TestCloud cloud)
{
    [Fact]
    public async Task No_key_no_token_and_no_invitation_code_is_logged_at_any_level()
    {
        using var logs = new LogRecorder();
        await using var lab = await TokenLab.StartAsync(cloud, logs: logs);
        var apiKey = lab.Momento.CreateApiKey();
        lab.KeyVault.SetSecret("momento-api-key", apiKey);
        var alice = lab.Client("alice");
        var token = (await alice.TokenAsync()).Text("token");
        var code = await alice.InviteAsync(await alice.PrivateRoomAsync("secret"));
        await lab.Client("bob").AcceptAsync(code);
        lab.Momento.RevokeApiKey(apiKey);
        await lab.Client("carol").GetAsync("token");

        var logged = string.Join('\n', logs.Entries());
        Assert.NotEmpty(logged);
        foreach (var secret in new[] { apiKey, token, code, alice.DefaultRequestHeaders.Authorization!.Parameter! })
        {
            // A part of it would be too much.
            Assert.DoesNotContain(secret[^20..], logged, StringComparison.Ordinal);
        }
    }
}
