using System.Text.Json.Nodes;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The hooks around <c>azd down</c>, which remove what it leaves.</summary>
public sealed class DownTests
{
    private const string Principal = "00000000-0000-4000-8000-0000000000f1";
    private const string Cache = "chat-feat-abp-1734";

    private static readonly string[] Outputs = ["REUSED_SECRET_ID", "API_PRINCIPAL_ID", "MOMENTO_CACHE_NAME_IN_USE"];

    [Fact]
    public async Task The_role_on_devs_secret_the_registrations_and_the_cache_go()
    {
        using var lab = await UpAsync();
        lab.Az.RoleAssignments.Add(new JsonObject { ["id"] = "another's", ["scope"] = AzureCli.DevsSecret, ["principalId"] = "another" });
        lab.Az.RoleAssignments.Add(new JsonObject { ["id"] = "its own", ["scope"] = "/subscriptions/s/resourceGroups/own", ["principalId"] = Principal });
        lab.Caches.Add("chat-dev");

        await DownAsync(lab);

        Assert.Equal(["another's", "its own"], lab.Az.RoleAssignments.Select(role => (string?)role["id"]));
        Assert.Empty(lab.Az.Directory.Applications);
        Assert.Empty(lab.Az.Directory.ServicePrincipals);
        Assert.Empty(lab.Az.Directory.Bin);
        Assert.Equal("chat-dev", Assert.Single(lab.Caches));
    }

    [Fact]
    public async Task Whoever_answers_no_has_lost_nothing_even_where_azd_goes_on_to_the_last_hook()
    {
        using var lab = await UpAsync();

        (await lab.RunAsync("predown")).Succeeded();
        var run = (await lab.RunAsync("postdown")).Succeeded();

        Assert.Contains("nothing else was removed", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, lab.Az.Directory.Applications.Count);
        Assert.Single(lab.Az.RoleAssignments);
        Assert.Single(lab.Caches);
        Assert.NotEmpty(lab.Environment["ENTRA_API_CLIENT_ID"]);
    }

    [Fact]
    public async Task After_a_deployment_that_failed_and_told_azd_nothing_the_role_on_devs_secret_goes_all_the_same()
    {
        using var lab = await UpAsync();
        foreach (var output in Outputs) lab.Environment.Remove(output);

        await DownAsync(lab);

        Assert.Empty(lab.Az.RoleAssignments);
        Assert.Empty(lab.Caches);
    }

    [Fact]
    public async Task After_a_down_that_failed_once_the_identity_was_gone_the_role_goes_with_the_next()
    {
        using var lab = await UpAsync();
        (await lab.RunAsync("predown")).Succeeded();
        lab.Az.Identities.Clear();
        foreach (var output in Outputs) lab.Environment.Remove(output);

        await DownAsync(lab);

        Assert.Empty(lab.Az.RoleAssignments);
    }

    [Fact]
    public async Task While_az_works_on_another_subscription_of_the_tenant_all_goes_too()
    {
        using var lab = await UpAsync();
        lab.Az.CurrentSubscription = "5ab5c111-0000-4000-8000-0000000000ff";

        await DownAsync(lab);

        Assert.Empty(lab.Az.RoleAssignments);
        Assert.Empty(lab.Az.Directory.Applications);
    }

    [Fact]
    public async Task A_stage_comes_down_after_the_stage_whose_secret_it_used()
    {
        using var lab = await UpAsync();
        lab.Az.RoleAssignments.Clear();

        await DownAsync(lab);

        Assert.Empty(lab.Az.Directory.Applications);
    }

    [Fact]
    public async Task The_registrations_of_another_stage_stay()
    {
        using var lab = await UpAsync();
        lab.Az.Directory.Add(new JsonObject
        {
            ["displayName"] = "chat-api-dev",
            ["tags"] = new JsonArray($"azd/{AzureCli.Subscription}/dev/api"),
        });

        await DownAsync(lab);

        Assert.Equal("chat-api-dev", (string?)Assert.Single(lab.Az.Directory.Applications)["displayName"]);
    }

    [Fact]
    public async Task Afterwards_the_environment_can_come_up_again()
    {
        using var lab = await UpAsync();
        await DownAsync(lab);

        (await lab.RunAsync("preprovision")).Succeeded();

        Assert.Equal(2, lab.Az.Directory.Applications.Count);
        Assert.Equal((string?)lab.Az.Directory.Application("chat-api-FEAT-ABP-1734")["appId"], lab.Environment["ENTRA_API_CLIENT_ID"]);
    }

    [Fact]
    public async Task A_run_that_knows_nothing_of_the_registrations_as_in_a_workflow_finds_them()
    {
        using var lab = await UpAsync();
        lab.ForgetRegistrations();

        await DownAsync(lab);

        Assert.Empty(lab.Az.Directory.Applications);
    }

    [Fact]
    public async Task Registrations_that_were_given_stay()
    {
        using var lab = await UpAsync();
        lab.Environment.Remove("ENTRA_REGISTERED_BY_AZD");
        var id = lab.Environment["ENTRA_API_CLIENT_ID"];

        var run = await DownAsync(lab);

        Assert.Equal(2, lab.Az.Directory.Applications.Count);
        Assert.Equal(id, lab.Environment["ENTRA_API_CLIENT_ID"]);
        Assert.Empty(run.CallsOf("az ad"));
    }

    [Fact]
    public async Task Nothing_is_taken_for_removed_while_az_works_on_another_tenant()
    {
        using var lab = await UpAsync();
        lab.Az.CurrentTenant = "7e4a4701-0000-4000-8000-0000000000ff";

        Delete(lab);
        var run = await lab.RunAsync("postdown");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("az account set", run.Errors, StringComparison.Ordinal);
        Assert.Equal(2, lab.Az.Directory.Applications.Count);
    }

    [Fact]
    public async Task Who_may_not_delete_for_good_is_told_that_entra_keeps_the_registrations_for_a_while()
    {
        using var lab = await UpAsync();
        lab.Az.Directory.MayPurge = false;

        var run = await DownAsync(lab);

        Assert.Empty(lab.Az.Directory.Applications);
        Assert.Equal(2, lab.Az.Directory.Bin.Count);
        Assert.All(lab.Az.Directory.Bin, id =>
            Assert.Contains($"registration {id} for 30 days", run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cache_that_is_shared_stays()
    {
        using var lab = await UpAsync();
        lab.Environment["MOMENTO_SHARE_CACHE"] = "true";
        lab.Environment["MOMENTO_CACHE_NAME_IN_USE"] = "chat-dev";
        lab.Caches.Add("chat-dev");

        var run = await DownAsync(lab);

        Assert.Empty(run.CallsOf("momento"));
    }

    [Fact]
    public async Task A_cache_that_was_given_a_name_stays()
    {
        using var lab = await UpAsync();
        lab.Environment["MOMENTO_CACHE_NAME"] = lab.Environment["MOMENTO_CACHE_NAME_IN_USE"] = "chat-of-us-all";
        lab.Caches.Add("chat-of-us-all");

        var run = await DownAsync(lab);

        Assert.Empty(run.CallsOf("momento"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cache_that_cannot_be_removed_does_not_stop_azd_down_and_the_command_is_printed(bool installed)
    {
        using var lab = await UpAsync();
        lab.MomentoIsConfigured = false;
        if (!installed) lab.Uninstall("momento");

        var run = await DownAsync(lab);

        Assert.Contains($"momento cache delete {Cache}", run.Output, StringComparison.Ordinal);
        Assert.Empty(lab.Az.Directory.Applications);
    }

    [Fact]
    public async Task An_environment_that_never_came_up_has_nothing_to_remove()
    {
        using var lab = new HookLab();

        await DownAsync(lab);
    }

    /// <summary>
    /// A call that did nothing leaves what the call before it, whose answer was lost, has left; and from what an earlier failure has left,
    /// too, a second run is known to complete.
    /// </summary>
    /// <summary>
    /// A call that did nothing leaves what the call before it, whose answer was lost, has left; and from what an earlier failure has left,
    /// too, a second run is known to complete.
    /// </summary>
    [Theory]
    [InlineData("predown")]
    [InlineData("postdown")]
    public async Task Whichever_call_fails_the_hook_says_what_to_do_and_a_second_run_leaves_nothing(string hook)
    {
        using var clean = await BeforeAsync(hook);
        var calls = (await clean.RunAsync(hook)).Succeeded().Commands;
        HashSet<string> seen = [];
        for (var call = 1; call <= calls.Count; call++)
        {
            // What may fail without stopping the hook has tests of its own.
            if (MayFail(calls[call - 1])) continue;
            using var lab = await BeforeAsync(hook);
            lab.FailAt = call;
            var failed = await lab.RunAsync(hook);
            Assert.NotEqual(0, failed.ExitCode);
            Assert.Matches("Stopped while .+(azd down|azd hooks run postdown|az login|az account set|aka.ms/azure-cli)", failed.Errors);

            if (!seen.Add(lab.State)) continue;
            lab.FailAt = 0;
            if (hook == "predown") await DownAsync(lab);
            else (await lab.RunAsync(hook)).Succeeded();
            Assert.Empty(lab.Az.RoleAssignments);
            Assert.Empty(lab.Az.Directory.Applications);
            Assert.Empty(lab.Caches);
        }
    }

    private static async Task<HookLab> BeforeAsync(string hook)
    {
        var lab = await UpAsync();
        if (hook == "predown") return lab;
        (await lab.RunAsync("predown")).Succeeded();
        Delete(lab);
        return lab;
    }

    private static bool MayFail(string call) =>
        call.Contains("/deletedItems/", StringComparison.Ordinal) || call.StartsWith("momento", StringComparison.Ordinal);

    /// <summary>What <c>azd down</c> runs and does.</summary>
    private static async Task<HookRun> DownAsync(HookLab lab)
    {
        (await lab.RunAsync("predown")).Succeeded();
        Delete(lab);
        return (await lab.RunAsync("postdown")).Succeeded();
    }

    /// <summary>The stage's group goes, and then azd forgets the outputs.</summary>
    private static void Delete(HookLab lab)
    {
        lab.Az.Groups.Clear();
        lab.Az.Identities.Clear();
        foreach (var output in Outputs) lab.Environment.Remove(output);
    }

    /// <summary>An ephemeral environment on dev's secret, as azd up leaves it.</summary>
    private static async Task<HookLab> UpAsync()
    {
        var lab = await HookLab.RegisteredAsync();
        lab.Environment["SECRET_STAGE_NAME"] = "dev";
        lab.Az.RoleAssignments.Add(new JsonObject { ["id"] = "role-on-devs-secret", ["scope"] = AzureCli.DevsSecret, ["principalId"] = Principal });
        lab.Az.Groups.Add("rg-chat-feat-abp-1734");
        lab.Az.Identities.Add(new JsonObject { ["principalId"] = Principal, ["tags"] = new JsonObject { ["azd-env-name"] = "FEAT-ABP-1734" } });
        lab.Az.Identities.Add(new JsonObject { ["principalId"] = "another", ["tags"] = new JsonObject { ["azd-env-name"] = "dev" } });
        lab.Caches.Add(Cache);
        lab.Environment["REUSED_SECRET_ID"] = AzureCli.DevsSecret;
        lab.Environment["API_PRINCIPAL_ID"] = Principal;
        lab.Environment["MOMENTO_CACHE_NAME_IN_USE"] = Cache;
        return lab;
    }
}
