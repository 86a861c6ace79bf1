using System.Diagnostics;
using ChatFunctions.Local.Web;

namespace ChatFunctions.Tests.Web;

public sealed class WebUnitTests
{
    [Fact]
    public async Task The_web_clients_own_tests_pass()
    {
        using var npm = Process.Start(new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["test", "--silent"])
        {
            WorkingDirectory = Path.GetDirectoryName(WebServer.ClientFolder),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = npm.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = npm.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await npm.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(npm.ExitCode == 0, await output + await errors);
    }
}
