using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace ChatFunctions.Local;

/// <summary>Node.js or npm is missing, or fails. The message is for a person, and says what to do.</summary>
public sealed class NpmException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Installs the npm packages that a folder's <c>package-lock.json</c> names.</summary>
public static class Npm
{
    /// <summary>Enough to hold npm's reason, which comes last.</summary>
    private const int LinesOfOutput = 15;

    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Runs <c>npm ci</c> where <c>node_modules</c> is not what <c>package-lock.json</c> says; otherwise returns at once.
    /// Callers in several threads and processes wait for one another.
    /// </summary>
    /// <param name="folder">Holds package.json and package-lock.json.</param>
    /// <param name="progress">Is told, once, if there is something to install, which takes a while.</param>
    /// <param name="cancellation">Stops npm; the next call starts anew.</param>
    /// <exception cref="NpmException">npm is missing or fails.</exception>
    public static async Task RestoreAsync(string folder, Action<string>? progress = null, CancellationToken cancellation = default)
    {
        folder = Path.GetFullPath(folder);
        // npm ci empties node_modules first and the stamp is written last: no stamp, nothing complete.
        var stamp = Path.Combine(folder, "node_modules", ".package-lock.sha256");
        if (await IsRestoredAsync(folder, stamp, cancellation)) return;

        await using var turn = await TakeTurnAsync(folder, cancellation);
        if (await IsRestoredAsync(folder, stamp, cancellation)) return;
        progress?.Invoke($"Installing the npm packages of {folder} …");
        await InstallAsync(folder, cancellation);
        // npm makes no folder where there is nothing to install.
        Directory.CreateDirectory(Path.GetDirectoryName(stamp)!);
        await File.WriteAllTextAsync(stamp, await HashAsync(folder, cancellation), cancellation);
    }

    /// <summary>Starts node or npm, with redirected streams.</summary>
    /// <exception cref="NpmException">It is not installed.</exception>
    internal static Process Start(string program, string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new NpmException(
                $"{program} could not be started. Install Node.js 20 or later, which brings npm, and put it on the PATH.", error);
        }
    }

    /// <summary>The end of a program's output, for an error message.</summary>
    internal static string Tail(string output) =>
        string.Join(Environment.NewLine, output.ReplaceLineEndings("\n").TrimEnd().Split('\n').TakeLast(LinesOfOutput));

    private static async Task<bool> IsRestoredAsync(string folder, string stamp, CancellationToken cancellation) =>
        File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellation) == await HashAsync(folder, cancellation);

    private static async Task<string> HashAsync(string folder, CancellationToken cancellation) =>
        Hash(await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"), cancellation));

    private static string Hash(byte[] content) => Convert.ToHexString(SHA256.HashData(content));

    /// <summary>The turn ends when the file is closed, by the system if need be. git and npm do not see it there.</summary>
    private static async Task<FileStream> TakeTurnAsync(string folder, CancellationToken cancellation)
    {
        var path = Path.Combine(Path.GetTempPath(), $"chat-functions-npm-{Hash(Encoding.UTF8.GetBytes(folder))[..16]}.lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(LockPoll, cancellation);
            }
        }
    }

    private static async Task InstallAsync(string folder, CancellationToken cancellation)
    {
        // A NODE_ENV of "production" would leave out what the web client is built with.
        using var npm = Start(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", folder,
            "ci", "--include=dev", "--no-audit", "--no-fund", "--no-update-notifier", "--no-progress");
        try
        {
            npm.StandardInput.Close();
            var output = npm.StandardOutput.ReadToEndAsync(cancellation);
            var errors = npm.StandardError.ReadToEndAsync(cancellation);
            await npm.WaitForExitAsync(cancellation);
            if (npm.ExitCode != 0)
            {
                throw new NpmException(
                    $"npm ci failed in {folder}. It needs Node.js 20 or later, and a registry that can be reached. npm says:"
                    + $"{Environment.NewLine}{Tail(await output + await errors)}");
            }
        }
        finally
        {
            if (!npm.HasExited) npm.Kill(entireProcessTree: true);
        }
    }
}
