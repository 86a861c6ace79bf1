using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>
/// The Bicep CLI, a package, as a server that is asked by JSON-RPC: to start one costs more than all that these tests ask of it. The
/// test that asks for it is skipped where the package sources do not serve it.
/// </summary>
internal sealed partial class BicepCli : IDisposable
{
    private readonly Process process;
    private readonly SemaphoreSlim oneAtATime = new(1);
    private int lastId;

    private BicepCli(Process process) => this.process = process;

    /// <param name="environment">What is added to the environment, for <c>readEnvironmentVariable</c>.</param>
    public static async Task<BicepCli> StartAsync(IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(await FindAsync(), ["jsonrpc", "--stdio"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // It ends before what this setting costs at the start pays.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new BicepCli(Process.Start(start)!);
    }

    /// <param name="method">Of the CLI's <c>ICliJsonRpcProtocol</c>, without <c>bicep/</c>.</param>
    /// <param name="request">Its parameter.</param>
    /// <exception cref="InvalidOperationException">It cannot; the message says why.</exception>
    public async Task<JsonElement> CallAsync(string method, object request)
    {
        await oneAtATime.WaitAsync();
        try
        {
            await SendAsync(new { jsonrpc = "2.0", id = ++lastId, method = $"bicep/{method}", @params = new[] { request } });
            var answer = await ReceiveAsync();
            if (!answer.TryGetProperty("error", out var error)) return answer.GetProperty("result");
            throw new InvalidOperationException(error.GetProperty("data").GetProperty("message").GetString());
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>It ends with its input.</summary>
    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        oneAtATime.Dispose();
    }

    private static async Task<string> FindAsync()
    {
        var project = Path.Combine(Repository.Tests, "Deployment", "BicepCli", "BicepCli.csproj");
        var output = Path.Combine(Repository.Tests, "obj", "BicepCli") + "/";
        var start = new ProcessStartInfo("dotnet",
        [
            "msbuild", project, "-nologo", "-tl:off", "-restore", "-t:TellBicepPath", "-getProperty:BicepPath",
            $"-p:BaseIntermediateOutputPath={output}",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var restore = Process.Start(start)!;
        var errors = restore.StandardError.ReadToEndAsync();
        var told = await restore.StandardOutput.ReadToEndAsync() + await errors;
        await restore.WaitForExitAsync();
        Assert.SkipWhen(restore.ExitCode != 0 && IsNotServed(told), $"The package sources do not serve the Bicep CLI.\n{told.Trim()}");
        Assert.True(restore.ExitCode == 0, told);
        return told.Trim();
    }

    /// <summary>As in the Language Server Protocol: a header with the length, an empty line, and JSON.</summary>
    private async Task SendAsync(object message)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message);
        var input = process.StandardInput.BaseStream;
        await input.WriteAsync(Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"));
        await input.WriteAsync(body);
        await input.FlushAsync();
    }

    private async Task<JsonElement> ReceiveAsync()
    {
        var output = process.StandardOutput.BaseStream;
        var header = new StringBuilder();
        var letter = new byte[1];
        while (!header.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await output.ReadExactlyAsync(letter);
            header.Append((char)letter[0]);
        }

        var length = int.Parse(ContentLength().Match(header.ToString()).Groups[1].Value, CultureInfo.InvariantCulture);
        var body = new byte[length];
        await output.ReadExactlyAsync(body);
        return JsonElement.Parse(body);
    }

    /// <summary>No such package, no such version, or only a newer one; and no other error.</summary>
    private static bool IsNotServed(string output) => NuGetError().IsMatch(output) && !OtherError().IsMatch(output);

    [GeneratedRegex(@"(?i)content-length: (\d+)")]
    private static partial Regex ContentLength();

    [GeneratedRegex(": error (NU1101|NU1102|NU1103|NU1603)")]
    private static partial Regex NuGetError();

    [GeneratedRegex(": error (?!NU1101|NU1102|NU1103|NU1603)")]
    private static partial Regex OtherError();
}
