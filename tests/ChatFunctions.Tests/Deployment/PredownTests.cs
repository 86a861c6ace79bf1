using System.Text.Json.Nodes;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The hook that removes what <c>azd down</c> would leave.</summary>
public sealed class PredownTests
{
    private const string Principal = "00000000-0000-4000-8000-0000000000f1";
    private const string Cache = "chat-feat-abp-1734";

    [Fact]
    public async Task The_role_on_devs_secret_the_registrations_and_the_cache_go()
    {
        using var lab = await UpAsync();
        lab.Az.RoleAssignments.Add(new JsonObject { ["id"] = "another's", ["scope"] = AzureCli.DevsSecret, ["principalId"] = "another" });
        lab.Az.RoleAssignments.Add(new JsonObject { ["id"] = "its own", ["scope"] = "/subscriptions/s/resourceGroups/own", ["principalId"] = Principal });
        lab.Caches.Add("chat-dev");

        (await lab.RunAsync("predown")).Succeeded();

        Assert.Equal(["another's", "its own"], lab.Az.RoleAssignments.Select(role => (string?)role["id"]));
        Assert.Empty(lab.Az.Directory.Applications);
        Assert.Empty(lab.Az.Directory.ServicePrincipals);
        Assert.Empty(lab.Az.Directory.Bin);
        Assert.Equal("chat-dev", Assert.Single(lab.Caches));
    }

    [Fact]
    public async Task A_stage_with_a_secret_of_its_own_has_no_role_to_remove()
    {
        using var lab = await UpAsync();
        lab.Environment["REUSED_SECRET_ID"] = "";
        lab.Environment.Remove("SECRET_STAGE_NAME");

        var run = (await lab.RunAsync("predown")).Succeeded();

        Assert.Empty(run.CallsOf("az role"));
    }

    [Fact]
    public async Task A_stage_comes_down_after_the_stage_whose_secret_it_used()
    {
        using var lab = await UpAsync();
        lab.Az.RoleAssignments.Clear();

        (await lab.RunAsync("predown")).Succeeded();

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

        (await lab.RunAsync("predown")).Succeeded();

        Assert.Equal("chat-api-dev", (string?)Assert.Single(lab.Az.Directory.Applications)["displayName"]);
    }

    [Fact]
    public async Task Afterwards_the_environment_can_come_up_again()
    {
        using var lab = await UpAsync();
        (await lab.RunAsync("predown")).Succeeded();

        (await lab.RunAsync("preprovision")).Succeeded();

        Assert.Equal(2, lab.Az.Directory.Applications.Count);
        Assert.Equal((string?)lab.Az.Directory.Application("chat-api-FEAT-ABP-1734")["appId"], lab.Environment["ENTRA_API_CLIENT_ID"]);
    }

    [Fact]
    public async Task A_run_that_knows_nothing_of_the_registrations_as_in_a_workflow_finds_them()
    {
        using var lab = await UpAsync();
        lab.ForgetRegistrations();

        (await lab.RunAsync("predown")).Succeeded();

        Assert.Empty(lab.Az.Directory.Applications);
    }

    [Fact]
    public async Task Registrations_that_were_given_stay()
    {
        using var lab = await UpAsync();
        lab.Environment.Remove("ENTRA_REGISTERED_BY_AZD");
        var id = lab.Environment["ENTRA_API_CLIENT_ID"];

        var run = (await lab.RunAsync("predown")).Succeeded();

        Assert.Equal(2, lab.Az.Directory.Applications.Count);
        Assert.Equal(id, lab.Environment["ENTRA_API_CLIENT_ID"]);
        Assert.Empty(run.CallsOf("az ad"));
    }

    [Fact]
    public async Task Nothing_is_taken_for_removed_while_az_works_on_another_tenant()
    {
        using var lab = await UpAsync();
        lab.Az.CurrentTenant = "7e4a4701-0000-4000-8000-0000000000ff";

        var run = await lab.RunAsync("predown");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("az account set", run.Errors, StringComparison.Ordinal);
        Assert.Equal(2, lab.Az.Directory.Applications.Count);
    }

    [Fact]
    public async Task Who_may_not_delete_for_good_is_told_that_entra_keeps_the_registrations_for_a_while()
    {
        using var lab = await UpAsync();
        lab.Az.Directory.MayPurge = false;

        var run = (await lab.RunAsync("predown")).Succeeded();

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

        var run = (await lab.RunAsync("predown")).Succeeded();

        Assert.Empty(run.CallsOf("momento"));
    }

    [Fact]
    public async Task A_cache_that_was_given_a_name_stays()
    {
        using var lab = await UpAsync();
        lab.Environment["MOMENTO_CACHE_NAME"] = lab.Environment["MOMENTO_CACHE_NAME_IN_USE"] = "chat-of-us-all";
        lab.Caches.Add("chat-of-us-all");

        var run = (await lab.RunAsync("predown")).Succeeded();

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

        var run = (await lab.RunAsync("predown")).Succeeded();

        Assert.Contains($"momento cache delete {Cache}", run.Output, StringComparison.Ordinal);
        Assert.Empty(lab.Az.Directory.Applications);
    }

    [Fact]
    public async Task An_environment_that_never_came_up_has_nothing_to_remove()
    {
        using var lab = new HookLab();

        (await lab.RunAsync("predown")).Succeeded();
    }

    /// <summary>A call that did nothing leaves what the call before it, whose answer was lost, has left.</summary>
    [Fact]
    public async Task Whichever_call_fails_the_hook_says_what_to_do_and_a_second_run_leaves_nothing()
    {
        using var clean = await UpAsync();
        var calls = (await clean.RunAsync("predown")).Succeeded().Commands;
        // What may fail without stopping the hook has tests of its own.
        for (var call = 1; call <= calls.Count; call++)
        {
            if (MayFail(calls[call - 1])) continue;
            using var lab = await UpAsync();
            lab.FailAt = call;
            var failed = await lab.RunAsync("predown");
            Assert.NotEqual(0, failed.ExitCode);
            Assert.Matches("Stopped while .+(azd down|az login|az account set)", failed.Errors);

            lab.FailAt = 0;
            (await lab.RunAsync("predown")).Succeeded();
            Assert.Empty(lab.Az.RoleAssignments);
            Assert.Empty(lab.Az.Directory.Applications);
            Assert.Empty(lab.Caches);
        }
    }

    private static bool MayFail(string call) =>
        call.Contains("/deletedItems/", StringComparison.Ordinal) || call.StartsWith("momento", StringComparison.Ordinal);

    /// <summary>An ephemeral environment on dev's secret, as azd up leaves it.</summary>
    private static async Task<HookLab> UpAsync()
    {
        var lab = new HookLab();
        lab.Environment["SECRET_STAGE_NAME"] = "dev";
        (await lab.RunAsync("preprovision")).Succeeded();
        lab.Az.RoleAssignments.Add(new JsonObject { ["id"] = "role-on-devs-secret", ["scope"] = AzureCli.DevsSecret, ["principalId"] = Principal });
        lab.Caches.Add(Cache);
        lab.Environment["REUSED_SECRET_ID"] = AzureCli.DevsSecret;
        lab.Environment["API_PRINCIPAL_ID"] = Principal;
        lab.Environment["MOMENTO_CACHE_NAME_IN_USE"] = Cache;
        return lab;
    }
}
