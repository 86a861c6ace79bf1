using System.Net;
using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Members;

/// <summary>A user's own list of rooms is what is read of them. It may lag behind the rooms, and is mended.</summary>
public sealed class ListEntryTests(TestCloud cloud)
{
    private readonly string aliceName = ChatApi.Unique("alice");
    private readonly string bobName = ChatApi.Unique("bob");
    private readonly TableClient table = new TableServiceClient(cloud.Local.Storage.ConnectionString).GetTableClient("rooms");

    private HttpClient Alice => cloud.Client(aliceName);

    private HttpClient Bob => cloud.Client(bobName);

    [Fact]
    public async Task Who_is_removed_has_no_entry_any_more_and_who_comes_back_has_one()
    {
        var (left, stays) = (await Alice.PrivateRoomAsync("left"), await Alice.PrivateRoomAsync("stays"));
        foreach (var each in new[] { left, stays }) await Alice.LetInAsync(each, Bob);
        var bobsId = await BobsIdAsync(left);

        await Alice.RemoveAsync(left, bobsId);
        Assert.Equal([stays], await EntriesAsync(bobsId));
        Assert.Equal([stays], await Bob.ListPrivateAsync());

        await Alice.LetInAsync(left, Bob);
        Assert.Equal(new[] { left, stays }.Order(StringComparer.Ordinal), await Bob.ListPrivateAsync());
    }

    [Fact]
    public async Task An_entry_that_no_call_has_confirmed_is_not_shown_and_dropped_once_no_call_can_still_be_at_it()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await cloud.StartAppAsync([], time);
        var bob = cloud.Client(app, bobName);
        var (made, bobsId) = (await Alice.PrivateRoomAsync("of alice"), await BobsIdAsync());
        await table.AddEntityAsync(new TableEntity($"user-{bobsId}", made) { ["NameKey"] = "of-alice" });

        Assert.Empty(await bob.ListPrivateAsync());
        Assert.Equal([made], await EntriesAsync(bobsId));
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(await bob.ListPrivateAsync());
        Assert.Empty(await EntriesAsync(bobsId));
    }

    [Fact]
    public async Task An_entry_that_lags_is_mended_when_its_user_opens_the_room_and_finds_that_it_is_not_theirs()
    {
        var (made, bobsId) = (await Alice.PrivateRoomAsync("of alice"), await BobsIdAsync());
        await table.AddEntityAsync(new TableEntity($"user-{bobsId}", made)
        {
            ["NameKey"] = "of-alice", ["ChatName"] = "of alice", ["CreatedAt"] = DateTimeOffset.UtcNow, ["CreatedById"] = bobsId, ["IsConfirmed"] = true,
        });

        Assert.Equal([made], await Bob.ListPrivateAsync());
        Assert.False(await Bob.CanEnterAsync(made));
        Assert.Empty(await Bob.ListPrivateAsync());
    }

    [Fact]
    public async Task Entries_as_the_first_version_wrote_them_are_shown_and_cost_their_reads_once()
    {
        var room = await Alice.PrivateRoomAsync("Old");
        var alicesId = await IdAsync(Alice, room);
        await table.UpsertEntityAsync(new TableEntity($"user-{alicesId}", room) { ["NameKey"] = "old" }, TableUpdateMode.Replace);
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);

        var first = await (await cloud.Client(app, aliceName).GetAsync("chats?prefix=old&limit=1")).JsonAsync();
        Assert.Equal("Old", first[0].Text("chatName"));
        var before = wire.Requests;
        var second = await (await cloud.Client(app, aliceName).GetAsync("chats?prefix=old&limit=1")).JsonAsync();
        Assert.Equal(first[0].GetRawText(), second[0].GetRawText());
        Assert.InRange(wire.Requests - before, 1, 2);
        var read = await (await Alice.GetAsync($"chats/{room}")).JsonAsync();
        Assert.All(first[0].EnumerateObject(), shown => Assert.Equal(shown.Value.GetRawText(), read.GetProperty(shown.Name).GetRawText()));
    }

    [Fact]
    public async Task A_listing_while_somebody_is_removed_does_not_leave_the_room_in_their_list()
    {
        var room = await Alice.PrivateRoomAsync("race");
        await Alice.LetInAsync(room, Bob);
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        wire.Follow(request => TableBatch.Is(request) ? TableFaults.Hold(sent, held.Task) : null);

        var removal = cloud.Client(app, aliceName).RemoveAsync(room, await BobsIdAsync(room));
        await sent.Task;
        // It finds the entry doubted, and the member still there.
        Assert.Equal([room], await Bob.ListPrivateAsync());
        held.SetResult();
        Assert.Equal(HttpStatusCode.NoContent, (await removal).StatusCode);
        Assert.Empty(await Bob.ListPrivateAsync());
    }

    private async Task<string> BobsIdAsync(string room) => (await (await Bob.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray()
        .Single(each => !each.GetProperty("isOwner").GetBoolean()).Text("id");

    private async Task<string> BobsIdAsync()
    {
        var own = await Bob.PrivateRoomAsync("own");
        var id = await IdAsync(Bob, own);
        await Bob.DeleteAsync($"chats/{own}");
        return id;
    }

    private static async Task<string> IdAsync(HttpClient owner, string room) =>
        (await (await owner.GetAsync($"chats/{room}")).JsonAsync()).GetProperty("createdBy").Text("id");

    private async Task<List<string>> EntriesAsync(string userId) =>
        await table.QueryAsync<TableEntity>($"PartitionKey eq 'user-{userId}'").Select(entry => entry.RowKey).ToListAsync();
}
