using ChatFunctions.Tests.Packages;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The hook that stops where the app could not be published.</summary>
public sealed class PrepackageTests
{
    [Fact]
    public async Task Where_the_package_sources_lack_Momentos_SDK_it_stops_with_that_reason()
    {
        using var app = new TinyApp();

        var run = await app.RunAsync("sh", "infra-bicep/hooks/prepackage.sh");

        Assert.NotEqual(0, run.ExitCode);
        Assert.True(run.Contains("do not serve Momento.Sdk"), run.ToString());
        Assert.True(run.Contains("Stopped before anything was deployed."), run.ToString());
    }

    [Fact]
    public async Task Where_they_serve_all_it_says_nothing_and_lets_azd_go_on()
    {
        using var app = new TinyApp();
        app.Feed.Serve(PackageFeed.WithMomentoSdk);

        var run = await app.RunAsync("sh", "infra-bicep/hooks/prepackage.sh");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.False(run.Contains("Stopped"), run.ToString());
    }
}
