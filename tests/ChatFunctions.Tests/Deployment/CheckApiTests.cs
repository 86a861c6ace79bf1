using System.Diagnostics;
using ChatFunctions.Local;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Packages;

namespace ChatFunctions.Tests.Deployment;

/// <summary>.ci/check-api, which the workflow runs against the Functions host; here the same app runs under the local one.</summary>
public sealed class CheckApiTests(TestCloud cloud)
{
    [Fact]
    public async Task It_finds_200_401_and_201_where_the_app_and_the_local_cloud_run()
    {
        var run = await CheckAsync(cloud.AppAddress);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(["200", "401", "201"], run.Output.Where(line => line.Length > 0).Select(line => line[..3]));
    }

    [Fact]
    public async Task It_fails_where_something_else_answers()
    {
        var run = await CheckAsync(cloud.Local.Entra.TokenEndpoint);

        Assert.NotEqual(0, run.ExitCode);
        Assert.True(run.Contains("Expected was 200."), run.ToString());
    }

    private async Task<DotnetResult> CheckAsync(Uri api)
    {
        string[] addresses = [LoopbackServer.OriginOf(api), LoopbackServer.OriginOf(cloud.Local.Entra.TokenEndpoint)];
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, ".ci", "check-api"), addresses)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var check = Process.Start(start)!;
        var errors = check.StandardError.ReadToEndAsync();
        var output = await check.StandardOutput.ReadToEndAsync();
        await check.WaitForExitAsync();
        return new DotnetResult(check.ExitCode, (output + await errors).Split('\n', StringSplitOptions.TrimEntries));
    }
}
