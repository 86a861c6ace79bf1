using System.Net;
using System.Net.Sockets;

namespace ChatFunctions.Tests.Packages;

/// <summary>What a restore makes of whether its sources serve Momento's SDK.</summary>
public sealed class PackageDetectionTests
{
    /// <summary>Any package of Directory.Packages.props.</summary>
    private const string Other = "OpenTelemetry.Extensions.Hosting";

    [Fact]
    public async Task Where_it_is_served_it_is_used_and_nothing_is_said_of_the_stand_in()
    {
        using var app = new TinyApp();
        app.Feed.Serve(PackageFeed.WithMomentoSdk);

        var build = await app.BuildAsync();

        Assert.Equal(PackageFeed.WithMomentoSdk, app.RestoredPackages);
        Assert.False(app.HasStandIn);
        Assert.DoesNotContain(build.Output, line => line.Contains("stand-in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_only_a_newer_version_is_served_it_is_not_served()
    {
        using var app = new TinyApp();
        app.Feed.Serve(PackageFeed.NewtonsoftJson);
        app.Feed.ServeNewer(PackageFeed.MomentoSdk);

        await app.RestoreAsync();

        Assert.Equal(PackageFeed.MomentoSdkStandIn, app.RestoredPackages.Order());
    }

    [Fact]
    public async Task Where_a_package_that_it_needs_is_missing_it_is_not_served()
    {
        using var app = new TinyApp();
        app.Feed.Serve(PackageFeed.NewtonsoftJson);
        app.Feed.Serve(PackageFeed.MomentoSdk, dependency: ("Nobody.Serves.This", "1.0.0"));

        await app.RestoreAsync();

        Assert.Equal(PackageFeed.MomentoSdkStandIn, app.RestoredPackages.Order());
    }

    [Fact]
    public async Task Where_it_needs_a_version_that_is_missing_and_the_app_has_a_newer_one_it_is_served()
    {
        using var app = new TinyApp(references: [Other]);
        app.Feed.Serve([PackageFeed.NewtonsoftJson, Other]);
        app.Feed.Serve(PackageFeed.MomentoSdk, dependency: (Other, "1.0.0"));

        await app.RestoreAsync();

        Assert.Equal([.. PackageFeed.WithMomentoSdk, Other], app.RestoredPackages);
    }

    [Fact]
    public async Task A_source_that_cannot_be_reached_fails_the_restore_and_is_named()
    {
        var source = UnreachableSource();
        using var app = new TinyApp(source);

        var restore = await app.DotnetAsync("restore");

        Assert.NotEqual(0, restore.ExitCode);
        Assert.True(restore.Contains("The package sources do not tell whether they serve Momento.Sdk"), restore.ToString());
        Assert.True(restore.Contains(source), restore.ToString());
    }

    [Fact]
    public async Task A_source_that_the_command_line_names_is_asked_instead_of_the_configured_one()
    {
        using var app = new TinyApp(UnreachableSource());
        app.Feed.Serve(PackageFeed.WithMomentoSdk);

        await app.RestoreAsync("--source", app.Feed.Folder);

        Assert.Equal(PackageFeed.WithMomentoSdk, app.RestoredPackages);
    }

    [Fact]
    public async Task What_the_command_line_says_is_not_asked()
    {
        using var app = new TinyApp();

        var notServed = await app.DotnetAsync("restore", "-p:MomentoSdkPackage=true");
        Assert.True(notServed.Contains("error NU1101: Unable to find package Momento.Sdk."), notServed.ToString());
        Assert.False(notServed.Asked, notServed.ToString());

        app.Feed.Serve(PackageFeed.WithMomentoSdk);
        var notWanted = await app.RestoreAsync("-p:MomentoSdkPackage=false");
        Assert.Equal(PackageFeed.MomentoSdkStandIn, app.RestoredPackages.Order());
        Assert.False(notWanted.Asked, notWanted.ToString());
    }

    private static string UnreachableSource()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/index.json";
    }
}
