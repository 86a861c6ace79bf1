using System.Net;
using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Rooms;

namespace ChatFunctions.Tests.Members;

/// <summary>Private rooms that an earlier version made, whose rows have no epoch and no guard, go on.</summary>
public sealed class OldPrivateRoomTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private readonly HttpClient bob = cloud.Client(ChatApi.Unique("bob"));
    private readonly HttpClient carol = cloud.Client(ChatApi.Unique("carol"));
    private readonly TableClient table = new(cloud.Local.Storage.ConnectionString, "rooms");
    private string room = "";

    /// <summary>Takes from the rows of a room of today what those of an earlier one do not have.</summary>
    public async ValueTask InitializeAsync()
    {
        room = await alice.PrivateRoomAsync("old");
        TableEntity row = await table.GetEntityAsync<TableEntity>(room, "room");
        foreach (var column in new[] { "Epoch", "EpochDue", "HasGuard", "SlowModeSeconds" }) row.Remove(column);
        await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
        await table.DeleteEntityAsync(room, "guard-0");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task They_let_people_in_and_a_removal_shuts_them_out()
    {
        var code = await alice.InviteAsync(room);
        foreach (var guest in new[] { bob, carol }) Assert.Equal(HttpStatusCode.OK, (await guest.AcceptAsync(code)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.RemoveAsync(room, await IdAsync("Bob"))).StatusCode);
        Assert.False(await bob.CanEnterAsync(room));
        Assert.Equal(HttpStatusCode.NotFound, (await bob.AcceptAsync(code)).StatusCode);
        await alice.LetInAsync(room, bob);
    }

    [Fact]
    public async Task The_first_change_may_be_a_removal()
    {
        var code = await alice.InviteAsync(room);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.RemoveAsync(room, "AAAAAAAAAAAAAAAAAAAAAA")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.AcceptAsync(code)).StatusCode);
        await alice.LetInAsync(room, bob);
    }

    [Fact]
    public async Task They_are_handed_over_and_slowed_down()
    {
        await alice.LetInAsync(room, bob);
        var bobsId = await IdAsync("Bob");
        Assert.NotEqual((bobsId, 0), await alice.SettingsAsync(room));
        Assert.Equal(HttpStatusCode.OK, (await alice.ChangeAsync(room, new { ownerId = bobsId, slowModeSeconds = 5 })).StatusCode);
        Assert.Equal((bobsId, 5), await alice.SettingsAsync(room));
    }

    [Fact]
    public async Task They_are_deleted()
    {
        var code = await alice.InviteAsync(room);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{room}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.AcceptAsync(code)).StatusCode);
        Assert.Empty(table.Query<TableEntity>($"PartitionKey eq '{room}'"));
    }

    private async Task<string> IdAsync(string name) => (await (await alice.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray()
        .Single(member => member.Text("name").StartsWith(name, StringComparison.Ordinal)).Text("id");
}
