using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>
/// This program as <c>dotnet publish</c> makes it, with the runtime, in a folder of its own: nobody else has its files open, so
/// that the system can forget what it has of them in memory.
/// </summary>
internal sealed partial class PublishedApp : IDisposable
{
    /// <summary>POSIX_FADV_DONTNEED of Linux.</summary>
    private const int DoNotNeed = 4;

    private readonly string folder;

    private PublishedApp(string folder) => this.folder = folder;

    public string Program => Path.Combine(folder, Path.GetFileName(Environment.ProcessPath!));

    /// <param name="readyToRun">Whether the app and its packages are compiled; the runtime always is.</param>
    /// <param name="restore">Not needed where it has just been published in the other way.</param>
    public static async Task<PublishedApp> CreateAsync(bool readyToRun, bool restore)
    {
        var folder = Directory.CreateTempSubdirectory("chatfunctions-").FullName;
        using var publish = Process.Start(new ProcessStartInfo("dotnet",
        [
            "publish", BenchmarkRun.SourceFolder, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained",
            $"-p:PublishReadyToRun={readyToRun}", "-o", folder, .. restore ? Array.Empty<string>() : ["--no-restore"],
        ])
        { RedirectStandardOutput = true })!;
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? new PublishedApp(folder) : throw new InvalidOperationException(output);
    }

    /// <summary>Has the system forget the files' contents, so that the next start reads them from the disk.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public void DropFromPageCache()
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("Only Linux is told how to forget a file.");
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            // What is not yet written to the disk stays.
            file.Flush(flushToDisk: true);
            var error = Advise((int)file.SafeFileHandle.DangerousGetHandle(), 0, 0, DoNotNeed);
            if (error != 0) throw new IOException($"posix_fadvise: {error}");
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);
}
