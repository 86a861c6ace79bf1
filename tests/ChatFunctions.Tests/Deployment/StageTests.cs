using System.Text.Json;
using ChatFunctions.Momento;

namespace ChatFunctions.Tests.Deployment;

/// <summary>What stages have to do with each other.</summary>
[Collection(nameof(InfraBicep))]
public sealed class StageTests(InfraBicep infra)
{
    private const string Ticket = "FEAT-ABP-1734";
    private const string Longest = "longest";
    private const string DevsGroup = "/resourceGroups/rg-chat-dev";

    [Theory]
    [InlineData(Ticket)]
    [InlineData(Longest)]
    public async Task A_stage_on_devs_secret_deploys_nothing_of_dev_which_azd_down_would_take_along_and_names_the_secret_for_the_hook(string stage)
    {
        var (dev, other) = (await infra.StageAsync("dev"), await infra.StageAsync(stage));

        Assert.Empty(dev.Resources.Select(Id).Intersect(other.Resources.Select(Id), StringComparer.OrdinalIgnoreCase));
        Assert.DoesNotContain(other.Resources, resource => Id(resource).Contains(DevsGroup, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(
            Id(dev.One("Microsoft.KeyVault/vaults/secrets")), other.Outputs.GetProperty("REUSED_SECRET_ID").GetString(), ignoreCase: true);
    }

    [Fact]
    public async Task A_stage_on_devs_secret_reads_it_in_devs_vault_and_has_no_vault_of_its_own()
    {
        var (dev, ticket) = (await infra.StageAsync("dev"), await infra.StageAsync(Ticket));
        var vault = dev.One("Microsoft.KeyVault/vaults").GetProperty("name").GetString();

        Assert.Equal($"https://{vault}.vault.azure.net/", ticket.AppSettings["KeyVault:VaultUri"]);
        Assert.Equal(vault, ticket.Outputs.GetProperty("KEY_VAULT_NAME").GetString());
        Assert.DoesNotContain(ticket.Resources, resource => Type(resource).StartsWith("Microsoft.KeyVault", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task A_stage_with_a_secret_of_its_own_touches_no_other_group(string stage)
    {
        var snapshot = await infra.StageAsync(stage);
        Assert.All(
            snapshot.Resources,
            resource => Assert.Contains($"/resourceGroups/rg-chat-{stage}", Id(resource), StringComparison.Ordinal));
        Assert.Equal("", snapshot.Outputs.GetProperty("REUSED_SECRET_ID").GetString());
    }

    [Theory]
    [InlineData("dev", "dev")]
    [InlineData("prod", "prod")]
    [InlineData(Ticket, "featabp1734")]
    [InlineData(Longest, "featabp1734")]
    public async Task Every_name_carries_the_stage_and_every_resource_its_tag(string stage, string inNames)
    {
        var snapshot = await infra.StageAsync(stage);
        // Children have their parents' names and no tags.
        var resources = snapshot.Resources.Where(resource => Type(resource).Count(letter => letter == '/') == 1);
        foreach (var resource in resources.Where(resource => Type(resource) != "Microsoft.Authorization/roleAssignments"))
        {
            var name = resource.GetProperty("name").GetString()!.Replace("-", "", StringComparison.Ordinal);
            Assert.Contains(inNames, name, StringComparison.Ordinal);
            Assert.True(resource.GetProperty("tags").TryGetProperty("azd-env-name", out _), Id(resource));
        }
    }

    [Theory]
    [InlineData("dev", "chat-dev")]
    [InlineData(Ticket, "chat-feat-abp-1734")]
    [InlineData(Longest, "chat-dev")]
    public async Task A_stage_has_a_Momento_cache_of_its_own_or_shares_that_of_the_secrets_stage(string stage, string cache)
    {
        var snapshot = await infra.StageAsync(stage);
        Assert.Equal(cache, snapshot.AppSettings["Momento:CacheName"]);
        Assert.Equal(cache, snapshot.Outputs.GetProperty("MOMENTO_CACHE_NAME_IN_USE").GetString());
    }

    [Theory]
    [InlineData("dev", null)]
    [InlineData(Ticket, null)]
    [InlineData(Longest, "stage-feat-abp-1734-invitations-that-expire-are-told-of-in-the-web-app/")]
    public async Task A_stage_in_the_cache_of_another_has_topics_of_its_own_there(string stage, string? prefix) =>
        Assert.Equal(prefix, (await infra.StageAsync(stage)).AppSettings.GetValueOrDefault("Momento:TopicPrefix"));

    [Fact]
    public async Task A_stage_whose_cache_is_named_by_hand_has_topics_of_its_own_since_others_may_be_in_it()
    {
        var stage = await infra.DevWithAsync("param stageName = 'dev'", "param stageName = 'dev'\nparam momentoCacheName = 'ours'");
        Assert.Equal(("ours", "stage-dev/"), (stage.AppSettings["Momento:CacheName"], stage.AppSettings["Momento:TopicPrefix"]));
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public async Task The_vault_of_a_lasting_stage_cannot_be_purged(string stage) =>
        Assert.True(Vault(await infra.StageAsync(stage)).GetProperty("enablePurgeProtection").GetBoolean());

    [Fact]
    public async Task The_vault_of_any_other_stage_can_be_purged_so_that_nothing_is_left_behind()
    {
        var vault = Vault(await infra.DevWithAsync("stageName = 'dev'", "stageName = 'spike'"));
        Assert.False(vault.TryGetProperty("enablePurgeProtection", out var protection) && protection.ValueKind != JsonValueKind.Null);
        Assert.True(vault.GetProperty("enableSoftDelete").GetBoolean());
    }

    [Fact]
    public async Task Without_a_key_the_one_that_is_in_the_vault_stays()
    {
        // What depends on a secret is not evaluated before it is deployed. That the condition is there can be seen.
        var secret = (await infra.StageAsync("dev")).One("Microsoft.KeyVault/vaults/secrets");
        Assert.Contains("not(empty(parameters('momentoApiKey')))", secret.GetProperty("condition").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_account_of_a_v2_key_lives_is_said_beside_the_key_for_all_stages_that_use_it()
    {
        static JsonElement Tags(Snapshot stage) => stage.One("Microsoft.KeyVault/vaults/secrets").GetProperty("tags");
        Assert.Equal("cell-1-eu-central-1-1.prod.a.momentohq.com", Tags(await infra.StageAsync("prod")).GetProperty(MomentoApiKey.EndpointTag).GetString());
        Assert.Empty(Tags(await infra.StageAsync("dev")).EnumerateObject());
    }

    [Theory]
    [InlineData("param momentoEndpoint = 'evil.example'", "'evil.example' is not a host of Momento")]
    [InlineData("param extraOrigins = ['*']", "extraOrigins has '*'")]
    [InlineData("param extraOrigins = ['http://own.example']", "extraOrigins has 'http://own.example'")]
    [InlineData("param extraOrigins = ['https://own.example/']", "extraOrigins has 'https://own.example/'")]
    public async Task A_host_that_would_get_the_key_or_pages_that_nobody_named_are_refused(string assignment, string error)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => infra.DevWithAsync("param stageName = 'dev'", $"param stageName = 'dev'\n{assignment}"));
        Assert.Contains(error, failure.Message, StringComparison.Ordinal);
    }

    private static string Id(JsonElement resource) => resource.GetProperty("id").GetString()!;

    private static string Type(JsonElement resource) => resource.GetProperty("type").GetString()!;

    private static JsonElement Vault(Snapshot snapshot) => snapshot.One("Microsoft.KeyVault/vaults").GetProperty("properties");
}
