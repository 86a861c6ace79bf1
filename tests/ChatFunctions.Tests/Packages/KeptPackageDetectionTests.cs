using System.Text.RegularExpressions;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Packages;

/// <summary>What a later command makes of the answer that an earlier one kept.</summary>
public sealed partial class KeptPackageDetectionTests
{
    [Fact]
    public async Task Stand_ins_are_compiled_in_a_build_of_its_own_after_the_restore_and_not_published()
    {
        using var app = new TinyApp();
        await app.RestoreAsync();

        var build = await app.BuildAsync("--no-restore");

        Assert.Equal(["FunctionsWorkerStandIn", "MomentoSdkStandIn"], app.CompiledStandIns);
        Assert.Collection(
            build.StandInLines,
            line => Assert.Contains("Microsoft.Azure.Functions.Worker", line, StringComparison.Ordinal),
            line => Assert.Contains("Momento.Sdk", line, StringComparison.Ordinal));

        var publish = await app.DotnetAsync("publish", "--no-restore");

        Assert.NotEqual(0, publish.ExitCode);
        Assert.True(publish.Contains(ErrorOfTheStandIn()), publish.ToString());
        Assert.True(publish.Contains("What runs here: dotnet run --project src/ChatFunctions.Local"), publish.ToString());
    }

    [Fact]
    public async Task A_no_is_asked_again_and_a_yes_is_not()
    {
        using var app = new TinyApp();
        var notServed = await app.RestoreAsync();
        Assert.True(notServed.Asked, notServed.ToString());
        Assert.DoesNotContain("Momento.Sdk", app.RestoredPackages);

        app.Feed.Serve([.. PackageFeed.FunctionsWorker, .. PackageFeed.MomentoSdk]);
        var served = await app.BuildAsync();
        Assert.True(served.Asked, served.ToString());
        Assert.Empty(app.CompiledStandIns);

        app.Feed.Clear();
        var kept = await app.BuildAsync();
        Assert.False(kept.Asked, kept.ToString());
        Assert.Empty(app.CompiledStandIns);
    }

    /// <summary>Is read from the source, as it is compiled only where the packages are not served.</summary>
    private static string ErrorOfTheStandIn()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "StandIns", "FunctionsWorker", "FunctionsApplication.cs"));
        return string.Concat(Missing().Match(source).Groups["part"].Captures.Select(part => part.Value));
    }

    [GeneratedRegex("""const string Missing =(\s*"(?<part>[^"]*)"\s*\+?)+;""")]
    private static partial Regex Missing();
}
