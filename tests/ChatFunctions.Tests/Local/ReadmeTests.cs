using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ChatFunctions.Tests.Local;

/// <summary>README.md's walk-through, run as it stands there; only the ports are others, so that it disturbs nothing.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task The_walk_through_works_as_it_stands_in_the_readme()
    {
        await using var program = LocalProgram.Start(LocalProgram.FreePorts);
        var ports = await program.PortsAsync();
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var section = readme.Split("\n## ").Single(part => part.StartsWith("Walk through", StringComparison.Ordinal));
        var script = string.Join('\n', Script().Matches(section).Select(block => block.Groups[1].Value));
        foreach (var (usual, actual) in ports) script = script.Replace($"localhost:{usual}", $"localhost:{actual}", StringComparison.Ordinal);

        var output = await RunAsync(script);
        Assert.Contains("\"chatName\":\"General\"", output, StringComparison.Ordinal);
        Assert.Matches(@"[-\w]{22}\.Alice says: Hello, Bob!", output);
        Assert.Matches(@"[-\w]{22}\.Alice says: Do not tell Carol\.", output);
        Assert.Contains("urn:chatfunctions:room-not-found", output, StringComparison.Ordinal);
        Assert.Contains("The old key works no more.", output, StringComparison.Ordinal);
        Assert.EndsWith("}", output.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("\"token\":", output.Split("works no more.")[1], StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await bash.WaitForExitAsync(timeout.Token);
        Assert.True(bash.ExitCode == 0, $"{await output}\n{await errors}");
        return await output;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Script();
}
