using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure;
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

    [Fact]
    public async Task A_row_is_found_as_fast_in_a_partition_of_20_000_rows_as_in_one_of_100_and_a_partition_as_fast_beside_one_as_alone()
    {
        await using var azurite = await AzuriteProcess.StartAsync(LocalPort.Free, LocalPort.Free, dataFolder: null);
        var table = await MakeTableAsync(azurite);
        foreach (var batch in Enumerable.Range(0, 20_000).Chunk(100)) await AddAsync(table, "large", batch);
        await AddAsync(table, "small", [.. Enumerable.Range(0, 100)]);
        var alone = await MakeTableAsync(azurite, "alone");
        await AddAsync(alone, "small", [.. Enumerable.Range(0, 100)]);

        // A batch looks each of its rows up; the median of turns by turns is the same however busy the machine is.
        var (large, small, beside, lonely) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < 9; round++)
        {
            large.Add(await TimeAsync(() => MergeAsync(table, "large", Enumerable.Range(0, 100).Select(number => (number * 199) + round))));
            small.Add(await TimeAsync(() => MergeAsync(table, "small", Enumerable.Range(0, 100))));
            beside.Add(await TimeAsync(async () => Assert.Equal(100, await CountAsync(table, "small"))));
            lonely.Add(await TimeAsync(async () => Assert.Equal(100, await CountAsync(alone, "small"))));
        }

        foreach (var (slow, fast) in new[] { (Median(large), Median(small)), (Median(beside), Median(lonely)) }) Assert.True(slow < 3 * fast, $"{slow} ms against {fast} ms");

        static double Median(List<double> times) => times.Order().ElementAt(4);
    }

    [Fact]
    public async Task A_row_is_found_by_both_keys_in_its_own_table_and_with_its_last_content()
    {
        await using var azurite = await AzuriteProcess.StartAsync(LocalPort.Free, LocalPort.Free, dataFolder: null);
        var table = await MakeTableAsync(azurite);
        var other = new TableClient(azurite.ConnectionString, "others");
        await other.CreateAsync();
        // Keys that are numbers are equal, or in another order, to who takes them for numbers.
        string[] partitions = ["a", "b", "", "1", "01"];
        string[] rows = ["x", "it's", "''", "", "10", "10.0", "1e1", "9", "9a", " 10", "0x0A", "Infinity", "ß", "😀"];
        foreach (var partition in partitions)
        {
            foreach (var row in rows) await table.AddEntityAsync(new TableEntity(partition, row) { ["Value"] = $"{partition}|{row}" });
        }

        foreach (var (partition, row) in partitions.SelectMany(partition => rows.Select(row => (partition, row))))
        {
            Assert.Equal($"{partition}|{row}", await ReadAsync(table, partition, row));
            Assert.Null(await ReadAsync(other, partition, row));
            Assert.Null(await ReadAsync(table, partition, row + "~"));
            Assert.Null(await ReadAsync(table, partition + "~", row));
        }

        foreach (var partition in partitions) Assert.Equal(rows.Length, await CountAsync(table, partition));
        Assert.Equal(0, await CountAsync(table, "1.0"));
        Assert.Equal(2 * rows.Length, await table.QueryAsync<TableEntity>("PartitionKey eq 'a' or PartitionKey eq 'b'").CountAsync());
        Assert.Equal(["a"], await table.QueryAsync<TableEntity>("RowKey eq 'it''s' and (PartitionKey eq 'a' and RowKey gt 'a')").Select(row => row.PartitionKey).ToListAsync());
        Assert.Equal(4, await table.QueryAsync<TableEntity>("not (PartitionKey eq 'a') and RowKey eq 'x'").CountAsync());
        Assert.Equal(2, (await table.QueryAsync<TableEntity>("PartitionKey eq '01'", maxPerPage: rows.Length - 1).AsPages().ToListAsync()).Count);
        await Assert.ThrowsAsync<RequestFailedException>(async () => await table.QueryAsync<TableEntity>("PartitionKey eq").ToListAsync());

        await table.UpsertEntityAsync(new TableEntity("a", "10") { ["Value"] = "new" }, TableUpdateMode.Replace);
        await table.DeleteEntityAsync("a", "1e1");
        await table.DeleteEntityAsync("b", "10");
        await other.AddEntityAsync(new TableEntity("a", "1e1") { ["Value"] = "other" });
        Assert.Equal("new", await ReadAsync(table, "a", "10"));
        Assert.Null(await ReadAsync(table, "a", "1e1"));
        Assert.Null(await ReadAsync(table, "b", "10"));
        Assert.Equal("a|10.0", await ReadAsync(table, "a", "10.0"));
        Assert.Equal("1|10", await ReadAsync(table, "1", "10"));
        Assert.Equal("other", await ReadAsync(other, "a", "1e1"));

        await table.AddEntityAsync(new TableEntity("a", "1e1") { ["Value"] = "again" });
        Assert.Equal("again", await ReadAsync(table, "a", "1e1"));
        var error = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("a", "1e1")));
        Assert.Equal((int)HttpStatusCode.Conflict, error.Status);
    }

    [Fact]
    public async Task A_batch_that_fails_leaves_rows_that_are_found_as_they_were()
    {
        await using var azurite = await AzuriteProcess.StartAsync(LocalPort.Free, LocalPort.Free, dataFolder: null);
        var table = await MakeTableAsync(azurite);
        await table.AddEntityAsync(new TableEntity("a", "head") { ["Value"] = "old" });

        await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpdateReplace, new TableEntity("a", "head") { ["Value"] = "new" }, ETag.All),
            new(TableTransactionActionType.Add, new TableEntity("a", "added")),
            new(TableTransactionActionType.UpdateReplace, new TableEntity("a", "missing"), ETag.All),
        ]));

        Assert.Equal("old", await ReadAsync(table, "a", "head"));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("a", "added")).HasValue);
    }

    private static ValueTask<int> CountAsync(TableClient table, string partition) =>
        table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}")).CountAsync();

    private static async Task AddAsync(TableClient table, string partition, int[] numbers) => await table.SubmitTransactionAsync(
        numbers.Select(number => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(partition, $"row-{number:00000}"))));

    private static async Task MergeAsync(TableClient table, string partition, IEnumerable<int> numbers) =>
        await table.SubmitTransactionAsync(numbers.Select(number => new TableTransactionAction(
            TableTransactionActionType.UpdateMerge, new TableEntity(partition, $"row-{number:00000}") { ["Value"] = number }, ETag.All)));

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var clock = Stopwatch.StartNew();
        await act();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static async Task<string?> ReadAsync(TableClient table, string partition, string row)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, row);
        return found.HasValue ? found.Value!.GetString("Value") : null;
    }

    private static async Task<TableClient> MakeTableAsync(AzuriteProcess azurite, string name = "rooms")
    {
        var table = new TableClient(azurite.ConnectionString, name);
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
