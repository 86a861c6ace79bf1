using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Security.KeyVault.Secrets;
using ChatFunctions.Local;
using ChatFunctions.Local.Entra;
using ChatFunctions.Local.KeyVault;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ChatFunctions.Tests.Local;

public sealed class KeyVaultTests(EntraFixture fixture) : IClassFixture<EntraFixture>, IAsyncLifetime
{
    private readonly EntraServer entra = fixture.Server;
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private KeyVaultServer vault = null!;

    public async ValueTask InitializeAsync() => vault = await KeyVaultServer.StartAsync(LocalPort.Free, entra, time);

    public ValueTask DisposeAsync() => vault.DisposeAsync();

    [Fact]
    public async Task The_client_reads_the_latest_value_and_older_versions()
    {
        var old = new Uri(vault.SetSecret("momento-api-key", "one"));
        var client = Client();
        Assert.Equal("one", (await client.GetSecretAsync("momento-api-key")).Value.Value);

        vault.SetSecret("momento-api-key", "two");

        Assert.Equal("two", (await client.GetSecretAsync("Momento-Api-Key")).Value.Value);
        Assert.Equal("one", (await client.GetSecretAsync("momento-api-key", old.Segments[^1])).Value.Value);
        Assert.Equal(3, vault.SecretReads);
    }

    [Fact]
    public async Task The_client_sets_a_secret_with_its_tags()
    {
        var client = Client();
        var secret = new KeyVaultSecret("key", "value") { Properties = { ContentType = "text/plain", Tags = { ["stage"] = "dev" } } };

        var set = (await client.SetSecretAsync(secret)).Value;

        var read = (await client.GetSecretAsync("key")).Value;
        Assert.Equal("value", read.Value);
        Assert.Equal("text/plain", read.Properties.ContentType);
        Assert.Equal("dev", read.Properties.Tags["stage"]);
        Assert.Equal(set.Properties.Version, read.Properties.Version);
        Assert.Equal(time.GetUtcNow().ToUnixTimeSeconds(), read.Properties.CreatedOn!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task The_client_lists_all_versions_page_by_page_without_values()
    {
        var ids = Enumerable.Range(0, 30).Select(number => vault.SetSecret("key", $"value {number}")).ToList();

        var listed = new List<string>();
        await foreach (var version in Client().GetPropertiesOfSecretVersionsAsync("key")) listed.Add(version.Id.AbsoluteUri);

        Assert.Equal(ids, listed);
        Assert.Equal(0, vault.SecretReads);
    }

    [Fact]
    public async Task A_secret_or_version_that_is_not_there_is_told_from_an_error()
    {
        vault.SetSecret("key", "value");
        var client = Client();

        foreach (var (name, version) in ((string, string?)[])[("other", null), ("key", new string('0', 32))])
        {
            var error = await Assert.ThrowsAsync<RequestFailedException>(() => client.GetSecretAsync(name, version));
            Assert.Equal(404, error.Status);
            Assert.Equal("SecretNotFound", error.ErrorCode);
        }

        Assert.Equal(0, vault.SecretReads);
    }

    [Fact]
    public async Task What_the_vault_does_not_keep_is_refused()
    {
        var expiring = new KeyVaultSecret("key", "value") { Properties = { ExpiresOn = time.GetUtcNow() } };
        KeyVaultSecret[] bad = [expiring, new("under_score", "value"), new("big", new string('x', 25 * 1024 + 1))];

        foreach (var secret in bad)
        {
            var error = await Assert.ThrowsAsync<RequestFailedException>(() => Client().SetSecretAsync(secret));
            Assert.Equal(400, error.Status);
            Assert.Equal("BadParameter", error.ErrorCode);
        }
    }

    [Theory]
    [InlineData("/secrets/key")]
    [InlineData("/secrets/key/versions?api-version=7.6&maxresults=26")]
    [InlineData("/secrets/key/versions?api-version=7.6&maxresults=0")]
    [InlineData("/secrets/key/versions?api-version=7.6&$skiptoken=x")]
    public async Task A_request_that_is_not_good_says_so(string path)
    {
        vault.SetSecret("key", "value");

        var answer = await GetAsync(path, await TokenAsync(entra, "https://vault.azure.net"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("BadParameter", body.RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Without_a_token_the_vault_says_where_to_get_one()
    {
        var answer = await GetAsync("/secrets/key?api-version=7.6", token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(
            $"Bearer authorization=\"{entra.Address}{LocalTenant.TenantId}\", resource=\"https://vault.azure.net\"",
            answer.Headers.WwwAuthenticate.Single().ToString());
    }

    [Fact]
    public async Task A_token_for_something_else_or_of_somebody_else_opens_nothing()
    {
        vault.SetSecret("key", "value");
        await using var stranger = await EntraServer.StartAsync(LocalPort.Free, TimeProvider.System);
        string[] bad =
        [
            await TokenAsync(entra, "https://storage.azure.com"),
            await TokenAsync(stranger, "https://vault.azure.net"),
            entra.CreateAccessToken("alice"),
            entra.CreateAccessToken("alice", claims => claims["aud"] = "https://vault.azure.net"),
            "no token",
        ];

        foreach (var token in bad)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/secrets/key?api-version=7.6", token)).StatusCode);
        }

        Assert.Equal(0, vault.SecretReads);
    }

    [Fact]
    public async Task A_token_opens_the_vault_for_an_hour()
    {
        await using var issuer = await EntraServer.StartAsync(LocalPort.Free, time);
        var token = await TokenAsync(issuer, "https://vault.azure.net");
        await using var its = await KeyVaultServer.StartAsync(LocalPort.Free, issuer, time);
        its.SetSecret("key", "value");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/secrets/key?api-version=7.6", token, its)).StatusCode);
        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/secrets/key?api-version=7.6", token, its)).StatusCode);
    }

    [Fact]
    public async Task The_transport_trusts_this_vault_and_not_another()
    {
        vault.SetSecret("key", "value");
        await using var other = await KeyVaultServer.StartAsync(LocalPort.Free, entra, time);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => Client(other).GetSecretAsync("key"));

        Assert.Contains("SSL", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("value", (await Client(vault).GetSecretAsync("key")).Value.Value);
    }

    [Fact]
    public void The_certificate_has_no_key_and_names_this_machine_alone()
    {
        Assert.False(vault.Certificate.HasPrivateKey);
        Assert.True(vault.Certificate.MatchesHostname("localhost"));
        Assert.True(vault.Certificate.MatchesHostname("127.0.0.1"));
        Assert.True(vault.Certificate.MatchesHostname("::1"));
        Assert.False(vault.Certificate.MatchesHostname("chat.example"));
    }

    private SecretClient Client(KeyVaultServer? trusted = null) => new(vault.Address, entra.ManagedIdentity, new SecretClientOptions
    {
        DisableChallengeResourceVerification = true,
        Transport = (trusted ?? vault).CreateTransport(),
        Retry = { MaxRetries = 0 },
    });

    private static async Task<string> TokenAsync(EntraServer issuer, string resource) =>
        (await issuer.ManagedIdentity.GetTokenAsync(new TokenRequestContext([$"{resource}/.default"]), default)).Token;

    private async Task<HttpResponseMessage> GetAsync(string path, string? token, KeyVaultServer? from = null)
    {
        from ??= vault;
        // The other way to trust it: as a root of its own.
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { from.Certificate } };
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } });
        if (token is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.GetAsync(new Uri(from.Address, path));
    }
}
