using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using ChatFunctions.Local;
using ChatFunctions.Local.Entra;
using ChatFunctions.Local.KeyVault;
using Xunit;

namespace ChatFunctions.Tests.Local;

/// <summary>Runs apart from other tests: it changes the environment of the process, where DefaultAzureCredential looks.</summary>
[Collection(nameof(ManagedIdentityTests))]
[CollectionDefinition(nameof(ManagedIdentityTests), DisableParallelization = true)]
public sealed class ManagedIdentityTests
{
    [Fact]
    public async Task DefaultAzureCredential_opens_the_vault_by_the_endpoint_alone()
    {
        await using var entra = await EntraServer.StartAsync(LocalPort.Free, TimeProvider.System);
        await using var vault = await KeyVaultServer.StartAsync(LocalPort.Free, entra, TimeProvider.System);
        vault.SetSecret("momento-api-key", "value");

        var secret = InEnvironment(
            () => new SecretClient(vault.Address, new DefaultAzureCredential(), new SecretClientOptions
            {
                DisableChallengeResourceVerification = true,
                Transport = vault.CreateTransport(),
            }).GetSecret("momento-api-key"),
            ("IDENTITY_ENDPOINT", entra.ManagedIdentityEndpoint.AbsoluteUri),
            ("IDENTITY_HEADER", "local"));

        Assert.Equal("value", secret.Value.Value);
    }

    [Fact]
    public async Task The_endpoint_answers_as_App_Service_does()
    {
        await using var entra = await EntraServer.StartAsync(LocalPort.Free, TimeProvider.System);

        using var answer = await GetAsync(entra, "?api-version=2019-08-01&resource=https://vault.azure.net", header: "local");

        var token = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("Bearer", token.GetProperty("token_type").GetString());
        Assert.Equal("https://vault.azure.net", token.GetProperty("resource").GetString());
        var expires = DateTimeOffset.FromUnixTimeSeconds(long.Parse(token.GetProperty("expires_on").GetString()!, null));
        Assert.InRange(expires, DateTimeOffset.UtcNow.AddMinutes(55), DateTimeOffset.UtcNow.AddMinutes(60));
    }

    [Theory]
    [InlineData("?api-version=2019-08-01&resource=https://vault.azure.net", null, HttpStatusCode.Forbidden)]
    [InlineData("?api-version=2019-08-01&resource=https://vault.azure.net", "other", HttpStatusCode.Forbidden)]
    [InlineData("?api-version=2017-09-01&resource=https://vault.azure.net", "local", HttpStatusCode.BadRequest)]
    [InlineData("?api-version=2019-08-01", "local", HttpStatusCode.BadRequest)]
    public async Task The_endpoint_gives_no_token_to_a_request_that_is_not_good(string query, string? header, HttpStatusCode status)
    {
        await using var entra = await EntraServer.StartAsync(LocalPort.Free, TimeProvider.System);

        using var answer = await GetAsync(entra, query, header);

        Assert.Equal(status, answer.StatusCode);
        Assert.DoesNotContain("access_token", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> GetAsync(EntraServer entra, string query, string? header)
    {
        using var http = new HttpClient();
        if (header is not null) http.DefaultRequestHeaders.Add("X-IDENTITY-HEADER", header);
        return await http.GetAsync(new Uri(entra.ManagedIdentityEndpoint, query));
    }

    private static T InEnvironment<T>(Func<T> act, params (string Name, string Value)[] variables)
    {
        var before = variables.Select(variable => (variable.Name, Value: Environment.GetEnvironmentVariable(variable.Name))).ToList();
        foreach (var (name, value) in variables) Environment.SetEnvironmentVariable(name, value);
        try
        {
            return act();
        }
        finally
        {
            foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
        }
    }
}
