using System.Diagnostics;
using ChatFunctions.Local;
using ChatFunctions.Tests.Client;
using ChatFunctions.Tests.Local;

[assembly: AssemblyFixture(typeof(ClientPackage))]

namespace ChatFunctions.Tests.Client;

/// <summary>The client package in src/client, which is built once for all tests.</summary>
public sealed class ClientPackage
{
    private readonly Lazy<Task> built = new(BuildAsync);

    public static string Folder { get; } = Path.Combine(Repository.Root, "src", "client");

    /// <summary>Returns at once where it is built.</summary>
    public Task BuiltAsync() => built.Value;

    /// <summary>Runs npm, and fails where that does.</summary>
    /// <returns>What it has written.</returns>
    public static Task<string> NpmAsync(string folder, params string[] arguments) =>
        RunAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", folder, [], arguments);

    /// <summary>Runs a program, and fails where that does.</summary>
    /// <returns>What it has written.</returns>
    public static async Task<string> RunAsync(string program, string folder, Dictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await errors);
        return await output;
    }

    private static async Task BuildAsync()
    {
        await Npm.RestoreAsync(Folder);
        await NpmAsync(Folder, "run", "build", "--silent");
    }
}
