using System.Diagnostics;
using System.Text.RegularExpressions;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The Bicep CLI, a package. The test that asks for it is skipped where the package sources do not serve it.</summary>
internal sealed partial class BicepCli
{
    private readonly string path;

    private BicepCli(string path) => this.path = path;

    public static async Task<BicepCli> FindAsync()
    {
        var project = Path.Combine(Repository.Tests, "Deployment", "BicepCli", "BicepCli.csproj");
        var output = Path.Combine(Repository.Tests, "obj", "BicepCli") + "/";
        string[] arguments =
        [
            "msbuild", project, "-nologo", "-tl:off", "-restore", "-t:TellBicepPath", "-getProperty:BicepPath",
            $"-p:BaseIntermediateOutputPath={output}",
        ];
        var restore = await RunAsync("dotnet", Repository.Root, new() { ["DOTNET_CLI_UI_LANGUAGE"] = "en" }, arguments);
        var notServed = restore.ExitCode != 0 && IsNotServed(restore.Output);
        Assert.SkipWhen(notServed, $"The package sources do not serve the Bicep CLI.\n{restore.Output.Trim()}");
        Assert.True(restore.ExitCode == 0, restore.Output);
        return new BicepCli(restore.Output.Trim());
    }

    /// <param name="folder">The working folder.</param>
    /// <param name="environment">What is added to the environment, for <c>readEnvironmentVariable</c>.</param>
    /// <param name="arguments">The command and its options.</param>
    public Task<BicepResult> RunAsync(string folder, Dictionary<string, string?> environment, params string[] arguments) =>
        // It ends before what this setting costs at the start pays.
        RunAsync(path, folder, new(environment) { ["DOTNET_TieredPGO"] = "0" }, arguments);

    private static async Task<BicepResult> RunAsync(
        string program, string folder, Dictionary<string, string?> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new BicepResult(process.ExitCode, output + await errors);
    }

    /// <summary>No such package, no such version, or only a newer one; and no other error.</summary>
    private static bool IsNotServed(string output) => NuGetError().IsMatch(output) && !OtherError().IsMatch(output);

    [GeneratedRegex(": error (NU1101|NU1102|NU1103|NU1603)")]
    private static partial Regex NuGetError();

    [GeneratedRegex(": error (?!NU1101|NU1102|NU1103|NU1603)")]
    private static partial Regex OtherError();
}
