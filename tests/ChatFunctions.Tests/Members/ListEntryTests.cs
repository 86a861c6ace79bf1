using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Members;

/// <summary>A user's own list of rooms may lag behind the rooms. It is never shown so, and mended.</summary>
public sealed class ListEntryTests(TestCloud cloud)
{
    private readonly string alice = ChatApi.Unique("alice");
    private readonly string bob = ChatApi.Unique("bob");
    private readonly TableClient table = new TableServiceClient(cloud.Local.Tables.ConnectionString).GetTableClient("rooms");

    [Fact]
    public async Task An_entry_that_leads_nowhere_is_dropped_once_no_request_can_still_be_writing_it()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await cloud.StartAppAsync([], time);
        var (owner, member) = (cloud.Client(app, alice), cloud.Client(app, bob));
        var (room, stays) = (await owner.PrivateRoomAsync("left"), await owner.PrivateRoomAsync("stays"));
        foreach (var each in new[] { room, stays }) await owner.LetInAsync(each, member);
        var bobsId = (await (await member.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray()
            .Single(each => !each.GetProperty("isOwner").GetBoolean()).Text("id");
        await member.RemoveAsync(room, bobsId);

        Assert.Equal([stays], await member.ListPrivateAsync());
        Assert.Equal(2, await EntriesAsync(bobsId));
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal([stays], await member.ListPrivateAsync());
        Assert.Equal(1, await EntriesAsync(bobsId));

        // Who comes back is listed again.
        await owner.LetInAsync(room, member);
        Assert.Equal(new[] { room, stays }.Order(StringComparer.Ordinal), await member.ListPrivateAsync());
    }

    private async Task<int> EntriesAsync(string userId) =>
        await table.QueryAsync<TableEntity>($"PartitionKey eq 'user-{userId}'").CountAsync();
}
