namespace ChatFunctions.Tests.Packages;

/// <summary>What a later command makes of the answer that an earlier one kept.</summary>
public sealed class KeptPackageDetectionTests
{
    [Fact]
    public async Task The_stand_in_is_compiled_in_a_build_of_its_own_after_the_restore_and_not_published()
    {
        using var app = new TinyApp();
        await app.RestoreAsync();

        var build = await app.BuildAsync("--no-restore");

        Assert.True(app.HasStandIn);
        Assert.Single(build.Output, line => line.Contains("do not serve Momento.Sdk: its stand-in is compiled instead", StringComparison.Ordinal));

        var publish = await app.DotnetAsync("publish", "--no-restore");

        Assert.NotEqual(0, publish.ExitCode);
        Assert.True(publish.Contains("do not serve Momento.Sdk, and its stand-in is for this machine only."), publish.ToString());
        Assert.True(publish.Contains("What runs here: dotnet run --project src/ChatFunctions.Local"), publish.ToString());
    }

    [Fact]
    public async Task A_no_is_asked_again_and_a_yes_is_not()
    {
        using var app = new TinyApp();
        var notServed = await app.RestoreAsync();
        Assert.True(notServed.Asked, notServed.ToString());
        Assert.DoesNotContain(PackageFeed.MomentoSdk, app.RestoredPackages);

        app.Feed.Serve(PackageFeed.WithMomentoSdk);
        var served = await app.RestoreAsync();
        Assert.True(served.Asked, served.ToString());
        Assert.Equal(PackageFeed.WithMomentoSdk, app.RestoredPackages);

        app.Feed.Clear();
        var kept = await app.RestoreAsync();
        Assert.False(kept.Asked, kept.ToString());
        Assert.Equal(PackageFeed.WithMomentoSdk, app.RestoredPackages);
    }
}
