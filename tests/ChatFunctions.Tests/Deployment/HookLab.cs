using System.Diagnostics;
using System.Globalization;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>
/// The hooks in a folder of their own, and on their PATH az, azd, momento and sleep, which hand each call to this process: it records the
/// call, and keeps what the call makes, so that the next hook finds it. Nothing else is on the PATH but what a POSIX system has.
/// </summary>
internal sealed class HookLab : IDisposable
{
    private static readonly Lazy<Task<HookLab>> Registered = new(async () =>
    {
        using var lab = new HookLab();
        (await lab.RunAsync("preprovision")).Succeeded();
        return lab;
    });

    private static readonly string[] SystemCommands = ["dirname", "mkdir", "cat", "grep", "tr"];

    private readonly TemporaryFolder folder = new();
    private readonly CommandPipe pipe;
    private readonly List<string> commands = [];

    public HookLab()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The hooks are POSIX scripts.");
        Directory.CreateDirectory(Bin);
        foreach (var command in SystemCommands) File.CreateSymbolicLink(Path.Combine(Bin, command), Find(command));
        pipe = new CommandPipe(folder.Path, Call);
        foreach (var command in new[] { "az", "azd", "momento", "sleep" }) CommandPipe.Install(Path.Combine(Bin, command));
        Directory.CreateDirectory(Path.Combine(folder.Path, "infra-bicep"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "infra-bicep", "hooks"), Hooks.Folder);
    }

    /// <summary>As a first run of preprovision leaves it, which is run once for all tests.</summary>
    public static async Task<HookLab> RegisteredAsync()
    {
        var (lab, made) = (new HookLab(), await Registered.Value);
        lab.Az.Directory.CopyFrom(made.Az.Directory);
        foreach (var (name, value) in made.Environment) lab.Environment[name] = value;
        return lab;
    }

    public AzureCli Az { get; } = new();

    /// <summary>azd's environment, and the key from the shell that runs azd. A hook gets these values as environment variables.</summary>
    public Dictionary<string, string> Environment { get; } = new()
    {
        ["AZURE_ENV_NAME"] = "FEAT-ABP-1734",
        ["AZURE_SUBSCRIPTION_ID"] = AzureCli.Subscription,
        ["MOMENTO_API_KEY"] = "a-key",
    };

    /// <summary>The caches of the Momento account.</summary>
    public HashSet<string> Caches { get; } = [];

    /// <summary>Whether the Momento CLI has a key.</summary>
    public bool MomentoIsConfigured { get; set; } = true;

    /// <summary>The number of the call, of one hook, that fails after its work, as when its answer is lost; 0 for none.</summary>
    public int FailAt { get; set; }

    /// <summary>What the next tries of <c>azd deploy</c> fail with.</summary>
    public Queue<string> DeployErrors { get; } = [];

    /// <summary>All that hooks make, change and remove.</summary>
    public string State => string.Join('\n',
    [
        .. Az.Directory.Applications.Concat(Az.Directory.ServicePrincipals).Concat(Az.RoleAssignments).Select(one => one.ToJsonString()),
        .. Caches,
        .. Environment.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}"),
    ]);

    public string ConfigFile => Path.Combine(folder.Path, "src", "web", "public", "config.json");

    private string Bin => Path.Combine(folder.Path, "bin");

    /// <summary>Removes from azd's environment what it knows of Entra ID, as on a new machine.</summary>
    public void ForgetRegistrations()
    {
        foreach (var name in Environment.Keys)
        {
            if (name.StartsWith("ENTRA_", StringComparison.Ordinal)) Environment.Remove(name);
        }
    }

    /// <summary>Takes a command off the PATH.</summary>
    public void Uninstall(string command) => File.Delete(Path.Combine(Bin, command));

    /// <param name="hook">Such as <c>predown</c>.</param>
    public Task<HookRun> RunAsync(string hook) => RunAsync(Path.Combine(folder.Path, "infra-bicep", "hooks", $"{hook}.sh"), []);

    /// <param name="commands">For bash.</param>
    public Task<HookRun> RunCommandsAsync(string commands) => RunAsync("/bin/bash", ["-euc", commands]);

    public void Dispose()
    {
        pipe.Dispose();
        folder.Dispose();
    }

    private async Task<HookRun> RunAsync(string program, string[] arguments)
    {
        commands.Clear();
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        start.Environment["PATH"] = Bin;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new HookRun(process.ExitCode, output, await errors, [.. commands]);
    }

    private static string Find(string command) =>
        System.Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(path => Path.Combine(path, command)).First(File.Exists);

    private string Call(string command, string[] arguments)
    {
        commands.Add($"{command} {string.Join(' ', arguments)}");
        var output = Run(command, arguments);
        return commands.Count == FailAt ? throw new InvalidOperationException("The answer is lost.") : output;
    }

    private string Run(string command, string[] arguments)
    {
        switch (command, arguments)
        {
            case ("az", _):
                return Az.Run(arguments);
            case ("sleep", [var seconds]):
                Az.Directory.Now += TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
                return "";
            case ("azd", ["up"] or ["provision", ..]):
                return "";
            case ("azd", ["env", "get-value", var name]):
                return $"{Environment[name]}\n";
            case ("azd", ["deploy", ..]):
                return DeployErrors.TryDequeue(out var error) ? throw new InvalidOperationException(error) : "Deployed.\n";
            case ("azd", ["env", "set", var name, var value]):
                Environment[name] = value;
                return "";
            case ("momento", _) when !MomentoIsConfigured:
                throw new InvalidOperationException("failed to get credentials for profile default");
            case ("momento", ["cache", "list"]):
                return string.Concat(Caches.Select(cache => $"{cache}\n"));
            case ("momento", ["cache", "create", var cache]) when Caches.Add(cache):
            case ("momento", ["cache", "delete", var gone]) when Caches.Remove(gone):
                return "";
            default:
                throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} is refused.");
        }
    }
}
