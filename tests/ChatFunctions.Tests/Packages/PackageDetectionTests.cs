using System.Net;
using System.Net.Sockets;

namespace ChatFunctions.Tests.Packages;

/// <summary>What a first build makes of the packages that its sources serve.</summary>
public sealed class PackageDetectionTests
{
    [Fact]
    public async Task Packages_that_are_served_are_used_and_nothing_is_said_of_stand_ins()
    {
        using var app = new TinyApp();
        app.Feed.Serve([.. PackageFeed.FunctionsWorker, .. PackageFeed.MomentoSdk]);

        var build = await app.BuildAsync();

        Assert.Equal(Sorted([.. PackageFeed.FunctionsWorker, .. PackageFeed.MomentoSdk]), Sorted(app.RestoredPackages));
        Assert.Empty(app.CompiledStandIns);
        Assert.Empty(build.StandInLines);
    }

    [Fact]
    public async Task A_package_of_which_only_a_newer_version_is_served_is_not_served()
    {
        using var app = new TinyApp();
        app.Feed.Serve(PackageFeed.FunctionsWorker);
        app.Feed.ServeNewer(PackageFeed.MomentoSdk);

        await app.RestoreAsync();

        Assert.Equal(Sorted([.. PackageFeed.FunctionsWorker, .. PackageFeed.MomentoSdkStandIn]), Sorted(app.RestoredPackages));
    }

    [Fact]
    public async Task A_package_whose_dependency_is_missing_is_not_served()
    {
        using var app = new TinyApp();
        app.Feed.Serve(PackageFeed.FunctionsWorker, dependency: "Nobody.Serves.This");
        app.Feed.Serve(PackageFeed.MomentoSdk);

        await app.RestoreAsync();

        Assert.Equal(PackageFeed.MomentoSdk, app.RestoredPackages);
    }

    [Fact]
    public async Task A_source_that_cannot_be_reached_fails_the_restore_and_is_named()
    {
        var source = UnreachableSource();
        using var app = new TinyApp(source);

        var restore = await app.DotnetAsync("restore");

        Assert.NotEqual(0, restore.ExitCode);
        Assert.True(restore.Contains("The package sources do not tell whether they serve FunctionsWorkerPackages"), restore.ToString());
        Assert.True(restore.Contains(source), restore.ToString());
    }

    [Fact]
    public async Task A_source_that_the_command_line_names_is_asked_instead_of_the_configured_one()
    {
        using var app = new TinyApp(UnreachableSource());
        app.Feed.Serve(PackageFeed.MomentoSdk);

        await app.RestoreAsync("--source", app.Feed.Folder);

        Assert.Equal(PackageFeed.MomentoSdk, app.RestoredPackages);
    }

    [Fact]
    public async Task What_the_command_line_says_is_not_asked()
    {
        using var app = new TinyApp();

        var notServed = await app.DotnetAsync("restore", "-p:FunctionsWorkerPackages=true", "-p:MomentoSdkPackage=true");
        Assert.True(notServed.Contains("error NU1101: Unable to find package Microsoft.Azure.Functions.Worker."), notServed.ToString());
        Assert.True(notServed.Contains("error NU1101: Unable to find package Momento.Sdk."), notServed.ToString());
        Assert.False(notServed.Asked, notServed.ToString());

        app.Feed.Serve([.. PackageFeed.FunctionsWorker, .. PackageFeed.MomentoSdk]);
        var notWanted = await app.RestoreAsync("-p:FunctionsWorkerPackages=false", "-p:MomentoSdkPackage=false");
        Assert.Equal(Sorted(PackageFeed.MomentoSdkStandIn), Sorted(app.RestoredPackages));
        Assert.False(notWanted.Asked, notWanted.ToString());
    }

    private static IEnumerable<string> Sorted(IEnumerable<string> ids) => ids.Order(StringComparer.Ordinal);

    private static string UnreachableSource()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/index.json";
    }
}
