using System.Globalization;
using Azure.Data.Tables;
using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Identity;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento;
using ChatFunctions.MessageLog;
using ChatFunctions.Rooms;
using ChatFunctions.Tables;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>A local cloud of a scenario's own, in this process, and the second process, from which load comes.</summary>
internal sealed class Lab : IAsyncDisposable
{
    /// <summary>How many requests are under way at once, in turn.</summary>
    public static readonly int[] Concurrencies = [1, 16, 64];

    private const int Users = 50;

    /// <summary>As many changes as Table Storage takes in a batch.</summary>
    private const int BatchSize = 100;

    private Lab(LocalCloud cloud)
    {
        Cloud = cloud;
        UserTokens = [.. Enumerable.Range(1, Users).Select(number => cloud.Entra.CreateAccessToken($"user {number}"))];
    }

    public LocalCloud Cloud { get; }

    public LoadProcess Load { get; } = new();

    /// <summary>Users differ: a token of one serves nobody else.</summary>
    public string[] UserTokens { get; }

    public static async Task<Lab> StartAsync()
    {
        // Momento's limit of 5 calls a second would be all that is measured.
        var momento = new MomentoServerOptions { Caches = [LocalCloud.CacheName], TokenCallsPerSecond = 0 };
        return new Lab(await LocalCloud.StartAsync(LocalPorts.Free, dataFolder: null, momento, TimeProvider.System));
    }

    public Task<AppProcess> StartAppAsync(Design design) => AppProcess.StartAsync(Cloud, design);

    /// <summary>Answers with texts as long as the app's.</summary>
    public async Task<AppProcess> StartBareAppAsync(AppProcess app)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var route in new[] { "token", "chats" })
        {
            var answer = await app.GetAsync(route, UserTokens[0]);
            settings[$"Bare:{route}"] = answer.Length.ToString(CultureInfo.InvariantCulture);
        }

        return await AppProcess.StartAsync(Cloud, Design.Bare, settings);
    }

    /// <summary>Adds public rooms, without the app.</summary>
    public async Task AddRoomsAsync(int count)
    {
        var table = new TableClient(Cloud.Storage.ConnectionString, TableNames.Rooms);
        var maker = new Caller(Guid.NewGuid(), Guid.NewGuid(), "Alice");
        var rooms = Enumerable.Range(0, count).Select(number => PublicRoomEntity.Create(NameOf(number), maker, Guid.NewGuid(), DateTimeOffset.UtcNow));
        foreach (var batch in rooms.Chunk(BatchSize))
        {
            await table.SubmitTransactionAsync(batch.Select(room => new TableTransactionAction(TableTransactionActionType.Add, room)));
        }
    }

    /// <summary>Of one of the rooms that were added.</summary>
    public static string ChatIdOf(int number) => NameOf(number).Key;

    /// <summary>Adds messages to a room without any, without the app.</summary>
    /// <returns>The id of the room's log.</returns>
    public async Task<string> AddMessagesAsync(string chatId, int count)
    {
        var rooms = new TableClient(Cloud.Storage.ConnectionString, TableNames.Rooms);
        var logId = (await rooms.GetEntityAsync<PublicRoomEntity>(PublicRoomEntity.PublicPartition, chatId)).Value.TopicId;
        var messages = new TableClient(Cloud.Storage.ConnectionString, TableNames.Messages);
        await messages.AddEntityAsync(new LogHead { PartitionKey = logId, Seq = count, Number = count });
        var rows = Enumerable.Range(1, count).Select(number => new MessageEntity
        {
            PartitionKey = logId,
            RowKey = MessageEntity.RowOf(number),
            Nonce = MessageId.NewNonce(),
            Text = SayLoad.Text,
            SentAt = DateTimeOffset.UtcNow,
            SenderId = $"{Guid.NewGuid():N}",
            SenderName = "Alice",
            ClientId = Guid.NewGuid(),
        });
        foreach (var batch in rows.Chunk(BatchSize))
        {
            await messages.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));
        }

        return logId;
    }

    /// <summary>Makes a table anew, since Azurite is the slower the more rows there are.</summary>
    public async Task EmptyTableAsync(string name)
    {
        var service = new TableServiceClient(Cloud.Storage.ConnectionString);
        await service.DeleteTableAsync(name);
        await service.CreateTableAsync(name);
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await Cloud.DisposeAsync();
    }

    private static ChatName NameOf(int number) =>
        ChatName.TryParse($"Room {number:0000}", out var name, out var error) ? name : throw new FormatException(error);
}
