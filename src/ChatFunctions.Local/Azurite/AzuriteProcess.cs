using System.Diagnostics;
using System.Globalization;

namespace ChatFunctions.Local.Azurite;

/// <summary>
/// Table and Blob Storage of the local cloud: Microsoft's emulator Azurite, in a node process that ends with this one. The app uses the
/// tables; the Functions host, which keeps its timers' leases in blobs, both.
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
    private const int TablesPortTaken = 2;

    /// <inheritdoc cref="TablesPortTaken"/>
    private const int BlobsPortTaken = 3;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Process node;
    private readonly FileStream? data;

    private AzuriteProcess(Process node, FileStream? data, string[] ports)
    {
        this.node = node;
        this.data = data;
        TableEndpoint = new Uri($"http://127.0.0.1:{ports[0]}/{Account}");
        BlobEndpoint = new Uri($"http://127.0.0.1:{ports[1]}/{Account}");
    }

    /// <summary>Where <see cref="Npm"/> installs Azurite.</summary>
    public static string Folder { get; } = Path.Combine(SourceFolder.Path, "Azurite");

    public Uri TableEndpoint { get; }

    public Uri BlobEndpoint { get; }

    /// <summary>For a <c>TableServiceClient</c>.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};TableEndpoint={TableEndpoint};";

    /// <summary>Installs Azurite first if need be. When this returns, it answers.</summary>
    /// <param name="tables">Where to listen for tables.</param>
    /// <param name="blobs">Where to listen for blobs, which are kept in memory only.</param>
    /// <param name="dataFolder">Keeps the tables for the next run; made if missing. Null: in memory only.</param>
    /// <param name="cancellation">Gives up, and leaves no process.</param>
    /// <exception cref="PortTakenException">Another process has one of the ports.</exception>
    /// <exception cref="IOException">Another process has the folder.</exception>
    /// <exception cref="NpmException">Node.js or npm is missing, or Azurite cannot be installed or does not start.</exception>
    public static async Task<AzuriteProcess> StartAsync(
        LocalPort tables, LocalPort blobs, string? dataFolder, CancellationToken cancellation = default)
    {
        await Npm.RestoreAsync(Folder, cancellation: cancellation);
        var data = dataFolder is null ? null : Reserve(dataFolder);
        Process? node = null;
        try
        {
            node = Npm.Start("node", Folder, [
                "server.cjs",
                tables.Number.ToString(CultureInfo.InvariantCulture),
                blobs.Number.ToString(CultureInfo.InvariantCulture),
                .. data is null ? Array.Empty<string>() : [Path.GetDirectoryName(data.Name)!],
            ]);
            var errors = node.StandardError.ReadToEndAsync(CancellationToken.None);
            // The first line has the ports; there is none if it does not start.
            return await node.StandardOutput.ReadLineAsync(cancellation) is { } bound
                ? new AzuriteProcess(node, data, bound.Split(' '))
                : throw await FailureAsync(node, tables, blobs, await errors);
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

    private static async Task<Exception> FailureAsync(Process node, LocalPort tables, LocalPort blobs, string errors)
    {
        await node.WaitForExitAsync();
        return node.ExitCode switch
        {
            TablesPortTaken => new PortTakenException(tables, new IOException(errors)),
            BlobsPortTaken => new PortTakenException(blobs, new IOException(errors)),
            _ => new NpmException($"Azurite does not start:{Environment.NewLine}{Npm.Tail(errors)}"),
        };
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
