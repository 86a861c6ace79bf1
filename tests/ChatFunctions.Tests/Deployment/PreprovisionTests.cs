using System.Text.Json.Nodes;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The hook that makes the app registrations.</summary>
public sealed class PreprovisionTests
{
    private const string Api = "chat-api-FEAT-ABP-1734";
    private const string Web = "chat-web-FEAT-ABP-1734";

    private static readonly Dictionary<string, string> Given = new()
    {
        ["ENTRA_AUTHORITY"] = "https://contoso.ciamlogin.com/00000000-0000-4000-8000-00000000c1a3/v2.0",
        ["ENTRA_API_CLIENT_ID"] = "00000000-0000-4000-8000-0000000000a1",
        ["ENTRA_WEB_CLIENT_ID"] = "00000000-0000-4000-8000-0000000000b1",
    };

    [Fact]
    public async Task Without_a_momento_api_key_it_stops_before_it_makes_anything()
    {
        using var lab = new HookLab();
        lab.Environment.Remove("MOMENTO_API_KEY");

        var run = await lab.RunAsync("preprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("MOMENTO_API_KEY", run.Errors, StringComparison.Ordinal);
        Assert.Empty(lab.Az.Directory.Applications);
    }

    [Fact]
    public async Task A_stage_whose_vault_has_the_key_needs_none_in_the_shell()
    {
        using var lab = new HookLab();
        lab.Environment.Remove("MOMENTO_API_KEY");
        lab.Az.Vaults.Add(new JsonObject { ["id"] = "/another", ["tags"] = new JsonObject { ["azd-env-name"] = "dev" } });
        lab.Az.Vaults.Add(new JsonObject { ["id"] = "/vault", ["tags"] = new JsonObject { ["azd-env-name"] = "FEAT-ABP-1734" } });
        Assert.NotEqual(0, (await lab.RunAsync("preprovision")).ExitCode);

        lab.Az.Secrets.Add("/vault/secrets/momento-api-key");
        (await lab.RunAsync("preprovision")).Succeeded();
    }

    [Theory]
    [InlineData("2.44.1")]
    [InlineData("1.99.0")]
    public async Task An_az_that_is_too_old_is_refused_before_anything_is_made(string version)
    {
        using var lab = new HookLab();
        lab.Az.Version = version;

        var run = await lab.RunAsync("preprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("2.45", run.Errors, StringComparison.Ordinal);
        Assert.Contains("az upgrade", run.Errors, StringComparison.Ordinal);
        Assert.Empty(lab.Az.Directory.Applications);
        lab.Az.Version = version[0] == '1' ? "3.0.0" : "2.100.0";
        (await lab.RunAsync("preprovision")).Succeeded();
    }

    [Fact]
    public async Task Without_the_momento_cli_it_stops_before_it_makes_anything_unless_somebody_says_that_the_cache_is_there()
    {
        using var lab = new HookLab();
        lab.Uninstall("momento");

        var run = await lab.RunAsync("preprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("azd env set MOMENTO_CACHE_MADE chat-feat-abp-1734", run.Errors, StringComparison.Ordinal);
        Assert.Empty(lab.Az.Directory.Applications);
        lab.Environment["MOMENTO_CACHE_MADE"] = "chat-dev";
        Assert.NotEqual(0, (await lab.RunAsync("preprovision")).ExitCode);
        lab.Environment["MOMENTO_CACHE_MADE"] = "chat-feat-abp-1734";
        (await lab.RunAsync("preprovision")).Succeeded();
    }

    [Fact]
    public async Task A_registration_that_graph_does_not_know_yet_is_waited_for_and_one_that_it_never_knows_for_two_minutes()
    {
        using var lab = new HookLab();
        lab.Az.Directory.Delay = TimeSpan.FromSeconds(20);

        (await lab.RunAsync("preprovision")).Succeeded();

        Assert.Equal(2, lab.Az.Directory.ServicePrincipals.Count);
        lab.ForgetRegistrations();
        lab.Environment["AZURE_ENV_NAME"] = "another";
        lab.Az.Directory.Delay = TimeSpan.MaxValue / 2;
        var before = lab.Az.Directory.Now;
        Assert.NotEqual(0, (await lab.RunAsync("preprovision")).ExitCode);
        Assert.Equal(TimeSpan.FromMinutes(2), lab.Az.Directory.Now - before);
    }

    [Fact]
    public async Task What_az_ends_lines_with_on_windows_is_in_no_value()
    {
        using var lab = new HookLab();
        lab.Az.IsOnWindows = true;

        var run = (await lab.RunAsync("preprovision")).Succeeded();

        Assert.All(lab.Environment.Values, value => Assert.DoesNotContain('\r', value));
        Assert.All(run.Commands, command => Assert.DoesNotContain('\r', command));
        Assert.Contains("export MSYS_NO_PATHCONV=1", await File.ReadAllTextAsync(Path.Combine(Hooks.Folder, "stage.sh")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_front_ends_need_no_consent_either()
    {
        using var lab = new HookLab();
        string[] others = ["00000000-0000-4000-8000-0000000000e1", "00000000-0000-4000-8000-0000000000e2"];
        lab.Environment["EXTRA_CLIENT_IDS"] = string.Join(", ", others);

        (await lab.RunAsync("preprovision")).Succeeded();
        (await lab.RunAsync("preprovision")).Succeeded();

        var api = lab.Az.Directory.Application(Api);
        Assert.Equal(
            [(string?)lab.Az.Directory.Application(Web)["appId"], .. others],
            api["api"]!["preAuthorizedApplications"]!.AsArray().Select(one => (string?)one!["appId"]));
    }

    [Fact]
    public async Task On_another_stages_secret_it_needs_no_key()
    {
        using var lab = new HookLab();
        lab.Environment.Remove("MOMENTO_API_KEY");
        lab.Environment["SECRET_STAGE_NAME"] = "dev";

        (await lab.RunAsync("preprovision")).Succeeded();
    }

    [Theory]
    [InlineData("feat_1")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("has space")]
    public async Task A_name_that_no_resource_can_have_is_refused_before_it_makes_anything(string stage)
    {
        using var lab = new HookLab();
        lab.Environment["AZURE_ENV_NAME"] = stage;

        var run = await lab.RunAsync("preprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("letters, digits and hyphens", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Commands);
    }

    [Fact]
    public async Task A_first_run_registers_the_api_with_its_scope_and_v2_tokens()
    {
        using var lab = await HookLab.RegisteredAsync();

        var api = lab.Az.Directory.Application(Api);
        Assert.Equal("AzureADMyOrg", (string?)api["signInAudience"]);
        Assert.Equal($"api://{api["appId"]}", (string?)Assert.Single(api["identifierUris"]!.AsArray()));
        Assert.Equal(2, (int?)api["api"]!["requestedAccessTokenVersion"]);
        var scope = Assert.Single(api["api"]!["oauth2PermissionScopes"]!.AsArray())!;
        Assert.Equal("Chat.Access", (string?)scope["value"]);
        Assert.Equal("User", (string?)scope["type"]);
        Assert.True((bool?)scope["isEnabled"]);
    }

    [Fact]
    public async Task The_api_has_the_app_role_of_moderators_also_where_it_was_registered_before_there_was_one()
    {
        using var lab = await HookLab.RegisteredAsync();
        var api = lab.Az.Directory.Application(Api);
        var made = api["appRoles"]!.DeepClone();
        api["appRoles"] = new JsonArray();

        (await lab.RunAsync("preprovision")).Succeeded();

        Assert.Equal(made.ToJsonString(), api["appRoles"]!.ToJsonString());
        var role = Assert.Single(made.AsArray())!;
        Assert.Equal("Chat.Moderate", (string?)role["value"]);
        Assert.Equal("User", (string?)Assert.Single(role["allowedMemberTypes"]!.AsArray()));
        Assert.True((bool?)role["isEnabled"]);
        Assert.True(Guid.TryParse((string?)role["id"], out _));
    }

    [Fact]
    public async Task What_others_have_added_to_the_registrations_stays_and_so_does_a_moderators_role_of_their_own()
    {
        using var lab = await HookLab.RegisteredAsync();
        var (api, web) = (lab.Az.Directory.Application(Api), lab.Az.Directory.Application(Web));
        JsonArray[] lists =
        [
            api["appRoles"]!.AsArray(), api["api"]!["oauth2PermissionScopes"]!.AsArray(), api["identifierUris"]!.AsArray(),
            api["api"]!["preAuthorizedApplications"]!.AsArray(), web["requiredResourceAccess"]!.AsArray(),
        ];
        lists[0][0]!["id"] = Guid.NewGuid().ToString();
        lists[0].Insert(0, Another(lists[0][0]!, "Chat.Audit"));
        lists[1].Insert(0, Another(lists[1][0]!, "Chat.Read"));
        lists[2].Insert(0, "api://chat.example.com");
        lists[3].Insert(0, new JsonObject { ["appId"] = Guid.NewGuid().ToString(), ["delegatedPermissionIds"] = new JsonArray() });
        lists[4].Insert(0, new JsonObject { ["resourceAppId"] = Guid.NewGuid().ToString(), ["resourceAccess"] = new JsonArray() });
        var before = lab.State;

        (await lab.RunAsync("preprovision")).Succeeded();

        Assert.Equal(before, lab.State);
    }

    [Fact]
    public async Task A_first_run_registers_a_web_client_that_may_ask_for_the_scope_and_needs_no_consent()
    {
        using var lab = await HookLab.RegisteredAsync();

        var (api, web) = (lab.Az.Directory.Application(Api), lab.Az.Directory.Application(Web));
        var scope = (string?)api["api"]!["oauth2PermissionScopes"]![0]!["id"];
        var asks = web["requiredResourceAccess"]!.AsArray();
        // And of Microsoft Graph what a sign-in needs, so that an administrator can consent for all.
        Assert.Equal([(string?)api["appId"], "00000003-0000-0000-c000-000000000000"], asks.Select(one => (string?)one!["resourceAppId"]));
        Assert.Equal(scope, (string?)Assert.Single(asks[0]!["resourceAccess"]!.AsArray())!["id"]);
        var authorized = Assert.Single(api["api"]!["preAuthorizedApplications"]!.AsArray())!;
        Assert.Equal((string?)web["appId"], (string?)authorized["appId"]);
        Assert.Equal(scope, (string?)Assert.Single(authorized["delegatedPermissionIds"]!.AsArray()));
    }

    [Fact]
    public async Task A_first_run_makes_both_known_to_the_tenant_and_tells_azd_their_ids()
    {
        using var lab = await HookLab.RegisteredAsync();

        var (api, web) = (lab.Az.Directory.Application(Api), lab.Az.Directory.Application(Web));
        var known = lab.Az.Directory.ServicePrincipals.Select(one => (string?)one["appId"]);
        Assert.Equal([(string?)api["appId"], (string?)web["appId"]], known);
        Assert.Equal((string?)api["appId"], lab.Environment["ENTRA_API_CLIENT_ID"]);
        Assert.Equal((string?)web["appId"], lab.Environment["ENTRA_WEB_CLIENT_ID"]);
        Assert.Equal($"https://login.microsoftonline.com/{AzureCli.Tenant}/v2.0", lab.Environment["ENTRA_AUTHORITY"]);
    }

    [Fact]
    public async Task No_secret_is_made_or_named()
    {
        using var lab = new HookLab();

        var run = (await lab.RunAsync("preprovision")).Succeeded();

        Assert.All(run.Commands, command => Assert.DoesNotMatch("(?i)credential|password|secret", command));
    }

    [Fact]
    public async Task A_second_run_creates_nothing_and_changes_nothing()
    {
        using var lab = await HookLab.RegisteredAsync();
        var first = lab.State;

        var second = (await lab.RunAsync("preprovision")).Succeeded();

        Assert.Equal(first, lab.State);
        Assert.Empty(second.CallsOf("az rest --method POST"));
        Assert.Empty(second.CallsOf("az ad sp create"));
    }

    [Fact]
    public async Task A_run_that_knows_nothing_of_the_first_as_in_a_workflow_finds_what_it_made()
    {
        using var lab = await HookLab.RegisteredAsync();
        var first = lab.State;
        lab.ForgetRegistrations();

        (await lab.RunAsync("preprovision")).Succeeded();

        Assert.Equal(first, lab.State);
    }

    [Fact]
    public async Task Another_stage_and_the_same_stage_in_another_subscription_have_registrations_of_their_own()
    {
        using var lab = await HookLab.RegisteredAsync();
        lab.ForgetRegistrations();
        lab.Environment["AZURE_SUBSCRIPTION_ID"] = "5ab5c111-0000-4000-8000-0000000000ff";
        (await lab.RunAsync("preprovision")).Succeeded();
        lab.ForgetRegistrations();
        lab.Environment["AZURE_ENV_NAME"] = "dev";
        (await lab.RunAsync("preprovision")).Succeeded();

        Assert.Equal(6, lab.Az.Directory.Applications.Count);
    }

    /// <summary>
    /// A call that did nothing leaves what the call before it, whose answer was lost, has left; and from what an earlier failure has left,
    /// too, a second run is known to complete.
    /// </summary>
    [Fact]
    public async Task Whichever_call_fails_the_hook_says_what_to_do_and_a_second_run_completes()
    {
        using var clean = new HookLab();
        var calls = (await clean.RunAsync("preprovision")).Succeeded().Commands.Count;

        HashSet<string> seen = [];
        for (var call = 1; call <= calls; call++)
        {
            using var lab = new HookLab();
            lab.FailAt = call;
            var failed = await lab.RunAsync("preprovision");
            Assert.NotEqual(0, failed.ExitCode);
            Assert.Equal(call, failed.Commands.Count);
            Assert.Matches("Stopped while .+(azd up|az login|az account set|aka.ms/azure-cli)", failed.Errors);

            if (!seen.Add(lab.State)) continue;
            lab.FailAt = 0;
            (await lab.RunAsync("preprovision")).Succeeded();
            Assert.Equal(clean.State, lab.State);
        }
    }

    [Fact]
    public async Task Registrations_that_were_given_are_left_alone_in_whatever_tenant_they_are()
    {
        using var lab = new HookLab();
        foreach (var (name, value) in Given) lab.Environment[name] = value;

        var run = (await lab.RunAsync("preprovision")).Succeeded();

        Assert.Empty(run.CallsOf("az ad"));
        Assert.Empty(run.CallsOf("azd"));
        Assert.All(Given, one => Assert.Equal(one.Value, lab.Environment[one.Key]));
    }

    [Theory]
    [InlineData("ENTRA_AUTHORITY")]
    [InlineData("ENTRA_API_CLIENT_ID")]
    [InlineData("ENTRA_WEB_CLIENT_ID")]
    public async Task Registrations_that_were_given_in_part_are_refused_and_the_missing_one_is_named(string missing)
    {
        using var lab = new HookLab();
        foreach (var (name, value) in Given.Where(one => one.Key != missing)) lab.Environment[name] = value;

        var run = await lab.RunAsync("preprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(missing, run.Errors.Split("Stopped while")[0], StringComparison.Ordinal);
        Assert.Contains("Set all three or none", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.CallsOf("az ad"));
    }

    [Fact]
    public async Task Nothing_is_made_in_a_tenant_that_is_not_the_subscriptions()
    {
        using var lab = new HookLab();
        lab.Az.CurrentTenant = "7e4a4701-0000-4000-8000-0000000000ff";

        var run = await lab.RunAsync("preprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"az account set --subscription {AzureCli.Subscription}", run.Errors, StringComparison.Ordinal);
        Assert.Empty(lab.Az.Directory.Applications);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_told_to()
    {
        using var lab = new HookLab();
        lab.Az.CurrentTenant = null;

        var run = await lab.RunAsync("preprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Sign in: az login", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registration_that_somebody_deleted_stops_it_and_it_says_how_to_make_another()
    {
        using var lab = await HookLab.RegisteredAsync();
        lab.Az.Directory.Delete((string)lab.Az.Directory.Application(Web)["id"]!);

        var run = await lab.RunAsync("preprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("azd env set ENTRA_WEB_CLIENT_ID ''", run.Errors, StringComparison.Ordinal);
        lab.Environment["ENTRA_WEB_CLIENT_ID"] = "";
        (await lab.RunAsync("preprovision")).Succeeded();
        Assert.Equal((string?)lab.Az.Directory.Application(Web)["appId"], lab.Environment["ENTRA_WEB_CLIENT_ID"]);
    }

    /// <summary>A role or a scope like this one.</summary>
    private static JsonNode Another(JsonNode permission, string value)
    {
        var other = permission.DeepClone();
        (other["id"], other["value"]) = (Guid.NewGuid().ToString(), value);
        return other;
    }
}
