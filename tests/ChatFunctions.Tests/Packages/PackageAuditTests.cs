namespace ChatFunctions.Tests.Packages;

/// <summary>On a source that says which packages have a published vulnerability, as nuget.org does.</summary>
public sealed class PackageAuditTests
{
    private const string BroughtByMomentoSdk = "JWT";

    [Fact]
    public async Task The_app_has_no_package_with_a_published_vulnerability_though_Momentos_SDK_alone_would_bring_one()
    {
        using var app = new TinyApp();
        await using var feed = await AuditedFeed.StartAsync(app.Feed.Folder, PackageFeed.NewtonsoftJson, "(, 13.0.1)");
        app.Feed.Serve(PackageFeed.MomentoSdk, dependency: (BroughtByMomentoSdk, "9.0.3"));
        app.Feed.Serve(BroughtByMomentoSdk, "9.0.3", dependency: (PackageFeed.NewtonsoftJson, "11.0.1"));
        app.Feed.Serve(PackageFeed.NewtonsoftJson, "11.0.1");
        app.Feed.Serve(PackageFeed.NewtonsoftJson);

        app.UseSource(feed.Index);

        await app.BuildAsync();
        Assert.Equal([BroughtByMomentoSdk, .. PackageFeed.WithMomentoSdk], app.RestoredPackages.Order());
        Assert.False(app.HasStandIn);

        var alone = await app.DotnetAsync("restore", "--force", $"-p:MomentoSdkPackageIds={PackageFeed.MomentoSdk}");
        Assert.True(alone.Contains("error NU1903: Warning As Error: Package 'Newtonsoft.Json' 11.0.1 has a known high severity vulnerability"), alone.ToString());
    }
}
