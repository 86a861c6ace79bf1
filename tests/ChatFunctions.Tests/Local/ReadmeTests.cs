using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Worker.Host;

namespace ChatFunctions.Tests.Local;

/// <summary>README.md's walk-through, run as it stands there; only the ports are others, so that it disturbs nothing.</summary>
public sealed partial class ReadmeTests(TestCloud cloud)
{
    [Fact]
    public async Task The_walk_through_works_as_it_stands_in_the_readme()
    {
        await using var program = LocalProgram.Start(LocalProgram.FreePorts);
        await program.UntilReadyAsync();
        await WalkThroughAsync(program, program.AddressOf("API"));
    }

    [Fact]
    public async Task The_walk_through_works_on_the_real_worker_with_the_sample_settings_beside_the_cloud_alone()
    {
        await using var program = LocalProgram.Start([.. LocalProgram.FreePorts, "--cloud-only"]);
        await program.UntilReadyAsync();
        await using var worker = await WorkerHost.StartAsync(SampleSettings(program));
        await WalkThroughAsync(program, worker.Address);
    }

    private Dictionary<string, string?> SampleSettings(LocalProgram program)
    {
        var sample = program.WithPorts(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")), new Uri("http://localhost"));
        return new(JsonElement.Parse(sample).GetProperty("Values").EnumerateObject().Select(value => KeyValuePair.Create(value.Name, value.Value.GetString())))
        {
            // What the sample has instead says the usual port.
            ["Tables__ConnectionString"] = cloud.TablesThrough(program.AddressOf("Tables")),
            ["SSL_CERT_FILE"] = program.KeyVaultCertificate,
            ["Http__RequestTimeout"] = LocalProgram.PatientTimeout,
        };
    }

    private static async Task WalkThroughAsync(LocalProgram program, Uri api)
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var section = readme.Split("\n### ").Single(part => part.StartsWith("Walk through", StringComparison.Ordinal));
        var script = string.Join('\n', Script().Matches(section).Select(block => block.Groups[1].Value));

        var output = await RunAsync(program.WithPorts(script, api));
        Assert.Contains("\"chatName\":\"General\"", output, StringComparison.Ordinal);
        Assert.Contains("Alice says: Hello, Bob!", output, StringComparison.Ordinal);
        Assert.Contains("\"text\":\"Hello, all!\"", output, StringComparison.Ordinal);
        Assert.Contains("\"deletedAt\":", output, StringComparison.Ordinal);
        Assert.Contains("Alice says: Do not tell Carol.", output, StringComparison.Ordinal);
        Assert.Matches(@"[-\w]{22}\.Alice waves: hello", output);
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
