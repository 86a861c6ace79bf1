using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;
using ChatFunctions.Local;
using ChatFunctions.Local.Azurite;
using Xunit;

namespace ChatFunctions.Tests.Local;

public sealed class AzuriteTests
{
    [Fact]
    public async Task The_tables_client_writes_and_reads_rows()
    {
        await using var azurite = await AzuriteProcess.StartAsync(LocalPort.Free, LocalPort.Free, dataFolder: null);
        var table = await MakeTableAsync(azurite);

        await table.AddEntityAsync(new TableEntity("rooms", "general"));

        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("rooms", "general")).HasValue);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("rooms", "random")).HasValue);
    }

    [Fact]
    public async Task With_a_folder_rows_survive_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (var azurite = await AzuriteProcess.StartAsync(LocalPort.Free, LocalPort.Free, folder.Path))
        {
            await (await MakeTableAsync(azurite)).AddEntityAsync(new TableEntity("rooms", "general"));
        }

        await using var again = await AzuriteProcess.StartAsync(LocalPort.Free, LocalPort.Free, folder.Path);

        var table = new TableClient(again.ConnectionString, "rooms");
        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("rooms", "general")).HasValue);
    }

    [Fact]
    public async Task Two_do_not_share_a_folder()
    {
        using var folder = new TemporaryFolder();
        await using var azurite = await AzuriteProcess.StartAsync(LocalPort.Free, LocalPort.Free, folder.Path);

        await Assert.ThrowsAsync<IOException>(() => AzuriteProcess.StartAsync(LocalPort.Free, LocalPort.Free, folder.Path));
    }

    [Theory]
    [InlineData("Ports:Tables")]
    [InlineData("Ports:Blobs")]
    public async Task A_taken_port_is_reported_with_the_setting_that_moves_it(string setting)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = new LocalPort(setting, ((IPEndPoint)taken.LocalEndpoint).Port);
        var (tables, blobs) = setting == "Ports:Tables" ? (port, LocalPort.Free) : (LocalPort.Free, port);

        var error = await Assert.ThrowsAsync<PortTakenException>(() => AzuriteProcess.StartAsync(tables, blobs, dataFolder: null));

        Assert.Contains($"--{setting}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_gone_once_it_is_disposed()
    {
        var azurite = await AzuriteProcess.StartAsync(LocalPort.Free, LocalPort.Free, dataFolder: null);
        Assert.True(await ListensAsync(azurite.TableEndpoint.Port));

        await azurite.DisposeAsync();

        Assert.False(await ListensAsync(azurite.TableEndpoint.Port));
    }

    [Fact]
    public async Task It_ends_with_a_parent_that_is_killed_and_not_before()
    {
        await Npm.RestoreAsync(AzuriteProcess.Folder);
        // Like AzuriteProcess, this parent holds the other end of stdin. It passes on the port, sends Ctrl+C, and stays.
        using var parent = Process.Start(new ProcessStartInfo("node", ["--eval", """
            const azurite = require("node:child_process").spawn("node", ["server.cjs", "0", "0"], { stdio: ["pipe", "pipe", "inherit"] });
            azurite.stdout.on("data", (ports) => { azurite.kill("SIGINT"); process.stdout.write(ports); });
            """])
        {
            WorkingDirectory = AzuriteProcess.Folder,
            RedirectStandardOutput = true,
        })!;
        var ports = (await parent.StandardOutput.ReadLineAsync())!.Split(' ').Select(int.Parse).ToList();
        foreach (var port in ports) Assert.True(await ListensAsync(port));

        parent.Kill(entireProcessTree: false);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        foreach (var port in ports)
        {
            while (await ListensAsync(port)) await Task.Delay(20, patience.Token);
        }
    }

    private static async Task<TableClient> MakeTableAsync(AzuriteProcess azurite)
    {
        var table = new TableClient(azurite.ConnectionString, "rooms");
        await table.CreateAsync();
        return table;
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
