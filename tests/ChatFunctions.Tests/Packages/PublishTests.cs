using System.Diagnostics;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Packages;

public sealed class PublishTests
{
    [Theory]
    [InlineData("linux-x64")]
    [InlineData("osx-arm64")]
    [InlineData("win-x64")]
    public async Task What_is_published_is_compiled_for_the_plan_in_Azure_whatever_machine_publishes(string machine)
    {
        using var evaluation = Process.Start(new ProcessStartInfo("dotnet",
        [
            "msbuild", Path.Combine(Repository.Root, "src", "ChatFunctions"), "-p:_IsPublishing=true", $"-p:NETCoreSdkPortableRuntimeIdentifier={machine}",
            "-getProperty:RuntimeIdentifier", "-getProperty:PublishReadyToRun", "-getProperty:SelfContained",
        ])
        { RedirectStandardOutput = true })!;
        var properties = JsonElement.Parse(await evaluation.StandardOutput.ReadToEndAsync()).GetProperty("Properties");
        await evaluation.WaitForExitAsync();

        Assert.Equal("linux-x64", properties.Text("RuntimeIdentifier"));
        Assert.Equal("true", properties.Text("PublishReadyToRun"));
        Assert.Equal("false", properties.Text("SelfContained"));
    }
}
