using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using ChatFunctions.Tests.Chores;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Messages;

/// <summary>A log whose rows were written before anything was added to them, word for word.</summary>
public sealed class OldLogTests(ChoresLab lab) : IClassFixture<ChoresLab>
{
    private const string SaidTwice = "0b5f1c5e-6c1e-4f0a-9d6e-2f5b7f0f1a01";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_read_gone_on_with_changed_and_deleted(bool isPrivate)
    {
        await using var app = await lab.StartAppAsync();
        var (alice, bob) = (lab.Client(app, ChatApi.Unique("alice")), lab.Client(app, ChatApi.Unique("bob")));
        var room = isPrivate ? await alice.PrivateRoomAsync("old") : (await alice.RoomAsync(ChatApi.Unique("old"))).Text("chatId");
        if (isPrivate) await alice.LetInAsync(room, bob);
        var (logId, aliceId) = await FindAsync(room);
        await AddRowsAsync(logId, aliceId);

        var page = await lab.PageAsync(bob, room);
        Assert.Equal([3, 2, 1], page.Messages().Select(message => message.Number()));
        Assert.Equal(["third", "second, edited"], page.Messages().Where(HasText).Select(message => message.Text("text")));
        Assert.Equal(5, page.Number("seq"));
        Assert.Equal([3, 2, 1], (await lab.PageAsync(bob, room, "?after=2")).Messages().Select(message => message.Number()));
        Assert.Equal([2, 1], (await lab.PageAsync(bob, room, "?before=3")).Messages().Select(message => message.Number()));
        Assert.Equal("{\"kind\":\"note\"}", page.Messages().First().GetProperty("metadata").GetRawText());
        Assert.Equal("2-BBBBBBBB", page.Messages().First().Text("replyTo"));

        Assert.Equal(HttpStatusCode.OK, (await alice.PostMessageAsync(room, "third", Guid.Parse(SaidTwice))).StatusCode);
        Assert.Equal(4, (await bob.SayAsync(room, "fourth")).Number());
        Assert.Equal(3, (await (await alice.EditAsync(room, "2-BBBBBBBB", "again")).JsonAsync()).Number("version"));
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{room}/messages/3-CCCCCCCC")).StatusCode);
        Assert.Equal([4, 2, 3], (await lab.PageAsync(bob, room, "?after=5")).Messages().Select(message => message.Number()));

        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{room}")).StatusCode);
        await lab.FinishAsync(app);
        Assert.Equal(0, await lab.RowsAsync(logId));
    }

    private static bool HasText(JsonElement message) => message.TryGetProperty("text", out _);

    /// <returns>The room's random id, and its owner's.</returns>
    private async Task<(string LogId, string OwnerId)> FindAsync(string room)
    {
        var (ofPublic, ofPrivate) = ($"PartitionKey eq 'public' and RowKey eq '{room}'", $"PartitionKey eq '{room}' and RowKey eq 'room'");
        var row = await lab.Rooms.QueryAsync<TableEntity>($"({ofPublic}) or ({ofPrivate})").SingleAsync();
        return (row.GetString("CreationId") ?? room, row.GetString("CreatedById"));
    }

    /// <summary>Three messages, of which the second was edited and the first deleted.</summary>
    private async Task AddRowsAsync(string logId, string senderId)
    {
        var at = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        List<TableEntity> rows =
        [
            new(logId, "head") { ["Seq"] = 5L, ["Number"] = 3L, ["LastAt"] = at.AddMinutes(2), ["IsSealed"] = false, ["IsStored"] = true },
            Entry(1, 1, "a1"), Entry(2, 2, "a1"), Entry(3, 3, "b2"), Entry(4, 2, "c3"), Entry(5, 1, "d4"),
            ClientId("0b5f1c5e6c1e4f0a9d6e2f5b7f0f1a03", 1, 1, "a1"), ClientId("0b5f1c5e6c1e4f0a9d6e2f5b7f0f1a02", 2, 2, "a1"),
            ClientId("0b5f1c5e6c1e4f0a9d6e2f5b7f0f1a01", 3, 3, "b2"),
            new(logId, "message-9223372036854775806")
            {
                ["Nonce"] = "AAAAAAAA", ["Text"] = "", ["SentAt"] = at,
                ["SenderId"] = senderId, ["SenderName"] = "Alice",
                ["ClientId"] = Guid.Parse("0b5f1c5e6c1e4f0a9d6e2f5b7f0f1a03"), ["Version"] = 2, ["DeletedAt"] = at.AddMinutes(4),
                ["Number"] = 1L,
            },
            new(logId, "message-9223372036854775805")
            {
                ["Nonce"] = "BBBBBBBB", ["Text"] = "second, edited", ["SentAt"] = at.AddMinutes(1),
                ["SenderId"] = senderId, ["SenderName"] = "Alice",
                ["ClientId"] = Guid.Parse("0b5f1c5e6c1e4f0a9d6e2f5b7f0f1a02"), ["Version"] = 2, ["EditedAt"] = at.AddMinutes(3),
                ["Number"] = 2L,
            },
            new(logId, "message-9223372036854775804")
            {
                ["Nonce"] = "CCCCCCCC", ["Text"] = "third", ["SentAt"] = at.AddMinutes(2),
                ["SenderId"] = senderId, ["SenderName"] = "Alice",
                ["ClientId"] = Guid.Parse(SaidTwice), ["Version"] = 1, ["ReplyTo"] = "2-BBBBBBBB", ["Metadata"] = """{"kind":"note"}""",
                ["Number"] = 3L,
            },
        ];
        await lab.Messages.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));

        TableEntity Entry(long seq, long number, string attempt) =>
            new(logId, $"entry-{seq:D19}") { ["Number"] = number, ["Attempt"] = attempt, ["Seq"] = seq };
        TableEntity ClientId(string clientId, long number, long seq, string attempt) =>
            new(logId, $"client-{senderId}-{clientId}") { ["Number"] = number, ["Seq"] = seq, ["Attempt"] = attempt };
    }
}
