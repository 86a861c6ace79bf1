using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using ChatFunctions.Local;
using ChatFunctions.Local.Azurite;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Chores;

/// <summary>Tables that no other test uses, since the chores find whatever is to be done there, and a clock that only these tests advance.</summary>
public sealed class ChoresLab(TestCloud cloud) : IAsyncLifetime
{
    private AzuriteProcess azurite = null!;

    /// <summary>Of the apps to come.</summary>
    public FakeTimeProvider Time { get; set; } = new(DateTimeOffset.UtcNow);

    public string ConnectionString => azurite.ConnectionString;

    public Uri TableEndpoint => azurite.TableEndpoint;

    public TableClient Presence => new(azurite.ConnectionString, TableNames.Presence);

    public TableClient Rooms => new(azurite.ConnectionString, TableNames.Rooms);

    public TableClient Messages => new(azurite.ConnectionString, TableNames.Messages);

    public TableClient Tokens => new(azurite.ConnectionString, TableNames.Tokens);

    public TableClient Work => new(azurite.ConnectionString, TableNames.Work);

    public string ConnectionStringThrough(HttpFaultProxy wire) =>
        azurite.ConnectionString.Replace(azurite.TableEndpoint.Authority, wire.Address.Authority, StringComparison.Ordinal);

    public async ValueTask InitializeAsync()
    {
        azurite = await AzuriteProcess.StartAsync(LocalPort.Free, LocalPort.Free, dataFolder: null);
        var service = new TableServiceClient(azurite.ConnectionString);
        foreach (var table in TableNames.All) await service.CreateTableAsync(table);
    }

    /// <param name="settings">What differs from a test app's settings.</param>
    /// <param name="logs">Takes what the app logs.</param>
    /// <param name="momento">Which Momento and vault the app has.</param>
    /// <param name="wire">Where its requests to Table Storage meet faults.</param>
    public Task<FunctionHost> StartAppAsync(
        Dictionary<string, string?>? settings = null, ILoggerProvider? logs = null, OwnMomento? momento = null, TableWire? wire = null)
    {
        var all = new Dictionary<string, string?>(settings ?? []) { ["Tables:ConnectionString"] = azurite.ConnectionString };
        if (momento is not null)
        {
            all["KeyVault:VaultUri"] = momento.KeyVault.Address.ToString();
            all["Momento:Endpoint"] = momento.Server.Address.ToString();
        }

        return cloud.StartAppAsync(all, Time, momento?.KeyVault, logs, wire: wire);
    }

    /// <summary>An app of which so many writes come through, and then nothing any more, as if it had been killed.</summary>
    /// <param name="writes">The number.</param>
    /// <param name="settings">What differs from a test app's settings.</param>
    public async Task<DyingApp> StartDyingAppAsync(int writes, Dictionary<string, string?>? settings = null)
    {
        var wire = await HttpFaultProxy.StartAsync(azurite.TableEndpoint);
        wire.Follow(request =>
        {
            if (Volatile.Read(ref writes) < 0) return HttpFaults.Reset;
            return !HttpMethods.IsGet(request.Method) && Interlocked.Decrement(ref writes) < 0 ? HttpFaults.Reset : null;
        });
        // Connections of its own: those of an earlier one may have been to the same port.
        var sender = new HttpClientTransport(cloud.Local.KeyVault.CreateHandler());
        // What is dead tries nothing again.
        var app = await cloud.StartAppAsync(
            new(settings ?? []) { ["Tables:ConnectionString"] = ConnectionStringThrough(wire), ["Tables:Retry:MaxRetries"] = "0" }, Time, wire: sender);
        return new DyingApp(app, wire);
    }

    /// <summary>Everything that is to be done, done.</summary>
    public async Task FinishAsync(FunctionHost app)
    {
        Time.Advance(TimeSpan.FromMinutes(2));
        await app.RunTimerAsync("Chores");
    }

    public HttpClient Client(FunctionHost app, string user) => cloud.Client(app, user);

    /// <summary>A page of messages: looks at a room have a tenth of a second between them.</summary>
    public Task<JsonElement> PageAsync(HttpClient client, string room, string query = "")
    {
        Time.Advance(TimeSpan.FromMilliseconds(100));
        return client.PageAsync(room, query);
    }

    /// <summary>What is to be done, but for the ends of logs' seals, a day later, and what a list is to tell of messages.</summary>
    public async Task<int> IntentsAsync() =>
        await Work.QueryAsync<TableEntity>("PartitionKey eq 'intent' and What ne 'delete-log-head' and What ne 'write-activity'").CountAsync();

    /// <summary>All rows of a room, all entries for it in lists, and all rows of its log but the sealed head.</summary>
    public async Task<int> RowsAsync(string room) =>
        await Rooms.QueryAsync<TableEntity>($"PartitionKey eq '{room}' or RowKey eq '{room}'").CountAsync()
        + await Messages.QueryAsync<TableEntity>($"PartitionKey eq '{room}' and RowKey ne 'head'").CountAsync();

    /// <summary>Adds members and their list entries as accepting invitations does, only faster.</summary>
    public async Task CrowdAsync(string room, int size)
    {
        var ids = Enumerable.Range(0, size).Select(number => $"{number:0000000000000000000000}").ToList();
        foreach (var batch in ids.Chunk(100))
        {
            await Rooms.SubmitTransactionAsync(batch.Select(id => new TableTransactionAction(
                TableTransactionActionType.Add, new TableEntity(room, $"member-{id}") { ["Name"] = "", ["JoinedAt"] = DateTimeOffset.UtcNow })));
        }

        await Parallel.ForEachAsync(ids, async (id, cancellation) =>
            await Rooms.UpsertEntityAsync(new TableEntity($"user-{id}", room) { ["NameKey"] = "crowd" }, cancellationToken: cancellation));
    }

    public ValueTask DisposeAsync() => azurite.DisposeAsync();
}

/// <summary>An app, and what stands between it and its tables.</summary>
public sealed record DyingApp(FunctionHost App, HttpFaultProxy Wire) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Wire.DisposeAsync();
    }
}
