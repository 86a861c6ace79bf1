using System.Text.Json.Nodes;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The hook that lets the app read the key, tells Entra ID the web client's address, and makes the Momento cache.</summary>
public sealed class PostprovisionTests
{
    private const string WebUrl = "https://gentle-sea-0.azurestaticapps.net";
    private const string ExternalId = "https://contoso.ciamlogin.com/00000000-0000-4000-8000-00000000c1a3";
    private const string Cache = "chat-feat-abp-1734";

    [Fact]
    public async Task The_app_is_let_read_devs_secret_once()
    {
        using var lab = await ProvisionedAsync();
        Reuse(lab);

        (await lab.RunAsync("postprovision")).Succeeded();
        (await lab.RunAsync("postprovision")).Succeeded();

        var role = Assert.Single(lab.Az.RoleAssignments);
        Assert.Equal(AzureCli.DevsSecret, (string?)role["scope"]);
        Assert.Equal("the app", (string?)role["principalId"]);
        Assert.Equal("4633458b-17de-408a-b874-0445c86b69e6", (string?)role["role"]);
    }

    [Fact]
    public async Task Where_dev_is_not_there_it_stops_and_says_so()
    {
        using var lab = await ProvisionedAsync();
        Reuse(lab);
        lab.Az.MissingScope = AzureCli.DevsSecret;

        var run = await lab.RunAsync("postprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("letting the app read the secret of stage dev. That stage must be there", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_with_a_secret_of_its_own_is_given_no_other()
    {
        using var lab = await ProvisionedAsync();
        lab.Environment["REUSED_SECRET_ID"] = "";

        var run = (await lab.RunAsync("postprovision")).Succeeded();

        Assert.Empty(run.CallsOf("az role"));
    }

    [Fact]
    public async Task Registrations_that_were_given_are_left_alone_and_the_address_to_add_is_printed()
    {
        using var lab = await ProvisionedAsync();
        Give(lab);

        var run = (await lab.RunAsync("postprovision")).Succeeded();

        Assert.Empty(run.CallsOf("az"));
        var client = lab.Environment["ENTRA_WEB_CLIENT_ID"];
        Assert.Contains($"to the registration {client}, if it lacks it: {WebUrl}/", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_web_clients_address_is_added_once_to_those_that_are_there()
    {
        using var lab = await ProvisionedAsync();
        var web = lab.Az.Directory.Application("chat-web-FEAT-ABP-1734");
        web["spa"]!["redirectUris"] = new JsonArray("http://localhost:7070/");

        (await lab.RunAsync("postprovision")).Succeeded();
        var second = (await lab.RunAsync("postprovision")).Succeeded();

        var addresses = web["spa"]!["redirectUris"]!.AsArray().Select(address => (string?)address);
        Assert.Equal(["http://localhost:7070/", $"{WebUrl}/"], addresses);
        Assert.Empty(second.CallsOf("az rest"));
    }

    [Fact]
    public async Task The_stages_cache_is_made_once()
    {
        using var lab = await ProvisionedAsync();
        // A name that contains the stage's is another cache.
        lab.Caches.Add($"{Cache}-old");

        (await lab.RunAsync("postprovision")).Succeeded();
        Assert.Equal([Cache, $"{Cache}-old"], lab.Caches.Order());

        var second = (await lab.RunAsync("postprovision")).Succeeded();
        Assert.Empty(second.CallsOf("momento cache create"));
    }

    [Fact]
    public async Task Where_the_cache_is_that_of_the_secrets_stage_none_is_made()
    {
        using var lab = await ProvisionedAsync();
        lab.Environment["SECRET_STAGE_NAME"] = "dev";
        lab.Environment["MOMENTO_SHARE_CACHE"] = "true";
        lab.Environment["MOMENTO_CACHE_NAME_IN_USE"] = "chat-dev";

        var run = (await lab.RunAsync("postprovision")).Succeeded();

        Assert.Empty(run.CallsOf("momento"));
        Assert.Contains("Shares the Momento cache of stage dev.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_that_uses_devs_secret_has_a_cache_of_its_own_all_the_same()
    {
        using var lab = await ProvisionedAsync();
        lab.Environment["SECRET_STAGE_NAME"] = "dev";

        (await lab.RunAsync("postprovision")).Succeeded();

        Assert.Equal(Cache, Assert.Single(lab.Caches));
    }

    [Fact]
    public async Task A_stage_that_others_share_the_cache_of_makes_it()
    {
        using var lab = await ProvisionedAsync();
        lab.Environment["SECRET_STAGE_NAME"] = "feat-abp-1734";
        lab.Environment["MOMENTO_SHARE_CACHE"] = "true";

        (await lab.RunAsync("postprovision")).Succeeded();

        Assert.Equal(Cache, Assert.Single(lab.Caches));
    }

    [Fact]
    public async Task Without_the_momento_cli_it_fails_since_no_message_would_be_heard_unless_somebody_says_that_the_cache_is_there()
    {
        using var lab = await ProvisionedAsync();
        lab.Uninstall("momento");

        var run = await lab.RunAsync("postprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"azd env set MOMENTO_CACHE_MADE {Cache}", run.Errors, StringComparison.Ordinal);
        lab.Environment["MOMENTO_CACHE_MADE"] = Cache;
        (await lab.RunAsync("postprovision")).Succeeded();
    }

    [Fact]
    public async Task What_a_person_must_do_is_the_last_that_it_says_and_the_last_of_azd_up()
    {
        using var lab = await ProvisionedAsync();
        Give(lab);
        lab.Environment["EXTRA_REDIRECT_URIS"] = "https://own.example/";

        var provisioned = (await lab.RunAsync("postprovision")).Succeeded();
        var up = (await lab.RunAsync("postup")).Succeeded();

        foreach (var run in new[] { provisioned, up })
        {
            var left = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^3..];
            Assert.EndsWith($"if it lacks it: {WebUrl}/", left[0], StringComparison.Ordinal);
            Assert.EndsWith("if it lacks it: https://own.example/", left[1], StringComparison.Ordinal);
            Assert.Contains("ALERT_EMAIL", left[2], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Where_people_may_not_consent_an_administrator_is_told_where_to()
    {
        using var lab = await ProvisionedAsync();

        var run = (await lab.RunAsync("postprovision")).Succeeded();

        var client = lab.Environment["ENTRA_WEB_CLIENT_ID"];
        Assert.Contains($"https://login.microsoftonline.com/{AzureCli.Tenant}/adminconsent?client_id={client}\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_addresses_of_other_front_ends_are_added_too_and_the_web_clients_only_where_it_is_deployed()
    {
        using var lab = await ProvisionedAsync();
        lab.Environment["WEB_URL"] = "";
        lab.Environment["EXTRA_REDIRECT_URIS"] = "https://own.example/, http://localhost:3000/";

        (await lab.RunAsync("postprovision")).Succeeded();

        var addresses = lab.Az.Directory.Application("chat-web-FEAT-ABP-1734")["spa"]!["redirectUris"]!.AsArray();
        Assert.Equal(["https://own.example/", "http://localhost:3000/"], addresses.Select(address => (string?)address));
    }

    [Fact]
    public async Task In_a_workflow_a_package_that_the_storage_refuses_until_roles_have_spread_is_uploaded_again_and_after_no_other_error()
    {
        const string refusal = "InaccessibleStorageException: Failed to access storage account for deployment: BlobUploadFailedException: "
            + "Response status code does not indicate success: 403";
        using var lab = await ProvisionedAsync();
        lab.Environment["API_PRINCIPAL_ID"] = "the app";
        var deploy = Path.Combine(Repository.Root, ".ci", "deploy");

        lab.DeployErrors.Enqueue(refusal);
        lab.DeployErrors.Enqueue(refusal);
        var patient = (await lab.RunCommandsAsync(deploy)).Succeeded();
        lab.DeployErrors.Enqueue("The zip is broken.");
        var broken = await lab.RunCommandsAsync(deploy);
        for (var i = 0; i < 5; i++) lab.DeployErrors.Enqueue(refusal);
        var refused = await lab.RunCommandsAsync(deploy);

        Assert.Equal(3, patient.CallsOf("azd deploy").Count());
        Assert.Equal("the app", lab.Environment["ROLES_WAITED_FOR"]);
        Assert.NotEqual(0, broken.ExitCode);
        Assert.Single(broken.CallsOf("azd deploy"));
        Assert.NotEqual(0, refused.ExitCode);
    }

    [Fact]
    public async Task The_first_package_is_uploaded_once_the_roles_of_a_new_identity_have_spread()
    {
        using var lab = await ProvisionedAsync();
        lab.Environment["API_PRINCIPAL_ID"] = "the app";

        var first = (await lab.RunAsync("predeploy")).Succeeded();
        var second = (await lab.RunAsync("predeploy")).Succeeded();
        lab.Environment["API_PRINCIPAL_ID"] = "the app, made anew";
        var anew = (await lab.RunAsync("predeploy")).Succeeded();

        Assert.Single(first.CallsOf("sleep"));
        Assert.Empty(second.CallsOf("sleep"));
        Assert.Single(anew.CallsOf("sleep"));
    }

    [Fact]
    public async Task A_momento_cli_without_a_key_stops_it_and_it_says_what_to_do()
    {
        using var lab = await ProvisionedAsync();
        lab.MomentoIsConfigured = false;

        var run = await lab.RunAsync("postprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("momento configure", run.Errors, StringComparison.Ordinal);
        Assert.Contains("azd hooks run postprovision", run.Errors, StringComparison.Ordinal);
        lab.MomentoIsConfigured = true;
        (await lab.RunAsync("postprovision")).Succeeded();
        Assert.Equal(Cache, Assert.Single(lab.Caches));
    }

    /// <summary>
    /// A call that did nothing leaves what the call before it, whose answer was lost, has left; and from what an earlier failure has left,
    /// too, a second run is known to complete.
    /// </summary>
    [Fact]
    public async Task Whichever_call_fails_the_hook_says_what_to_do_and_a_second_run_completes()
    {
        using var clean = await ProvisionedAsync();
        var calls = (await clean.RunAsync("postprovision")).Succeeded().Commands.Count;

        HashSet<string> seen = [];
        for (var call = 1; call <= calls; call++)
        {
            using var lab = await ProvisionedAsync();
            lab.FailAt = call;
            var failed = await lab.RunAsync("postprovision");
            Assert.NotEqual(0, failed.ExitCode);
            Assert.Matches("Stopped while .+(azd hooks run postprovision|az login|az account set)", failed.Errors);

            if (!seen.Add(lab.State)) continue;
            lab.FailAt = 0;
            (await lab.RunAsync("postprovision")).Succeeded();
            Assert.Equal(Registrations(clean), Registrations(lab));
            Assert.Equal(clean.Caches, lab.Caches);
        }
    }

    [Fact]
    public async Task Before_anything_is_provisioned_it_stops_and_says_so()
    {
        using var lab = new HookLab();

        var run = await lab.RunAsync("postprovision");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("API_BASE_URL", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Run azd provision", run.Errors, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Registrations(HookLab lab) => lab.Az.Directory.Applications.Select(one => one.ToJsonString());

    private static async Task<HookLab> ProvisionedAsync()
    {
        var lab = await HookLab.RegisteredAsync();
        lab.Environment["WEB_URL"] = WebUrl;
        lab.Environment["API_BASE_URL"] = "https://func.azurewebsites.net";
        lab.Environment["MOMENTO_CACHE_NAME_IN_USE"] = Cache;
        return lab;
    }

    private static void Reuse(HookLab lab)
    {
        lab.Environment["SECRET_STAGE_NAME"] = "dev";
        lab.Environment["REUSED_SECRET_ID"] = AzureCli.DevsSecret;
        lab.Environment["API_PRINCIPAL_ID"] = "the app";
    }

    private static void Give(HookLab lab)
    {
        lab.Environment.Remove("ENTRA_REGISTERED_BY_AZD");
        lab.Environment["ENTRA_AUTHORITY"] = $"{ExternalId}/v2.0";
        lab.Environment["ENTRA_API_CLIENT_ID"] = "00000000-0000-4000-8000-0000000000a1";
        lab.Environment["ENTRA_WEB_CLIENT_ID"] = "00000000-0000-4000-8000-0000000000b1";
    }
}
