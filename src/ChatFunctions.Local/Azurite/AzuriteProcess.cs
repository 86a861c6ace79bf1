using System.Diagnostics;
using System.Globalization;

namespace ChatFunctions.Local.Azurite;

/// <summary>
/// Table Storage of the local cloud: Microsoft's emulator Azurite, its Table service alone, in a node process that ends with
/// this one.
/// </summary>
public sealed class AzuriteProcess : IAsyncDisposable
{
    /// <summary>
    /// The account and key of every Azurite, public and the same everywhere:
    /// https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key.
    /// </summary>
    private const string Account = "devstoreaccount1";

    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>What server.cjs exits with.</summary>
    private const int PortTaken = 2;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Process node;
    private readonly FileStream? data;

    private AzuriteProcess(Process node, FileStream? data, int port)
    {
        this.node = node;
        this.data = data;
        TableEndpoint = new Uri($"http://127.0.0.1:{port}/{Account}");
    }

    /// <summary>Where <see cref="Npm"/> installs Azurite.</summary>
    public static string Folder { get; } = Path.Combine(SourceFolder.Path, "Azurite");

    public Uri TableEndpoint { get; }

    /// <summary>For a <c>TableServiceClient</c>.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};TableEndpoint={TableEndpoint};";

    /// <summary>Installs Azurite first if need be. When this returns, it answers.</summary>
    /// <param name="port">Where to listen.</param>
    /// <param name="dataFolder">Keeps the tables for the next run; made if missing. Null: in memory only.</param>
    /// <param name="cancellation">Gives up, and leaves no process.</param>
    /// <exception cref="PortTakenException">Another process has the port.</exception>
    /// <exception cref="IOException">Another process has the folder.</exception>
    /// <exception cref="NpmException">Node.js or npm is missing, or Azurite cannot be installed or does not start.</exception>
    public static async Task<AzuriteProcess> StartAsync(
        LocalPort port, string? dataFolder, CancellationToken cancellation = default)
    {
        await Npm.RestoreAsync(Folder, cancellation: cancellation);
        var data = dataFolder is null ? null : Reserve(dataFolder);
        Process? node = null;
        try
        {
            node = Npm.Start("node", Folder, [
                "server.cjs",
                port.Number.ToString(CultureInfo.InvariantCulture),
                .. data is null ? Array.Empty<string>() : [Path.GetDirectoryName(data.Name)!],
            ]);
            var errors = node.StandardError.ReadToEndAsync(CancellationToken.None);
            // The first line is the port; there is none if it does not start.
            return await node.StandardOutput.ReadLineAsync(cancellation) is { } bound
                ? new AzuriteProcess(node, data, int.Parse(bound, CultureInfo.InvariantCulture))
                : throw await FailureAsync(node, port, await errors);
        }
        catch
        {
            await StopAsync(node, data);
            throw;
        }
    }

    /// <summary>Saves, and waits for the end of the process.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(node, data);

    /// <summary>Azurite keeps everything in memory and writes it as a whole: two of them in a folder would lose rows.</summary>
    private static FileStream Reserve(string dataFolder)
    {
        var path = Path.Combine(Directory.CreateDirectory(dataFolder).FullName, "in-use");
        return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    private static async Task<Exception> FailureAsync(Process node, LocalPort port, string errors)
    {
        await node.WaitForExitAsync();
        return node.ExitCode == PortTaken
            ? new PortTakenException(port, new IOException(errors))
            : new NpmException($"Azurite does not start:{Environment.NewLine}{Npm.Tail(errors)}");
    }

    private static async Task StopAsync(Process? node, FileStream? data)
    {
        if (node is not null) await EndAsync(node);
        if (data is not null) await data.DisposeAsync();
    }

    private static async Task EndAsync(Process node)
    {
        node.StandardInput.Close();
        using var timeout = new CancellationTokenSource(StopTimeout);
        try
        {
            await node.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            node.Kill();
        }

        node.Dispose();
    }
}
