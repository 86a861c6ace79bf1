using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Presence;

namespace ChatFunctions.Tests.Chores;

/// <summary>What the chores do with leases of people who are long gone.</summary>
public sealed class PresenceChoresTests(ChoresLab lab) : IClassFixture<ChoresLab>
{
    [Fact]
    public async Task Leases_that_have_expired_minutes_ago_go_and_no_other_does()
    {
        await using var app = await lab.StartAppAsync();
        var (alice, bob) = (lab.Client(app, "alice"), lab.Client(app, "bob"));
        var rooms = new List<string>();
        for (var i = 0; i < 5; i++) rooms.Add((await alice.RoomAsync(ChatApi.Unique("left"))).Text("chatId"));
        foreach (var room in rooms) await alice.RenewAsync(room, Guid.NewGuid());
        lab.Time.Advance(TimeSpan.FromMinutes(12));
        await bob.RenewAsync(rooms[0], Guid.NewGuid());
        Assert.Equal(6, await CountAsync());

        await app.RunTimerAsync("Chores");
        Assert.Equal(1, await CountAsync());
        Assert.Equal("bob", (await alice.PresenceAsync(rooms[0])).Names());
        lab.Time.Advance(TimeSpan.FromMinutes(12));
        await app.RunTimerAsync("Chores");
        Assert.Equal(0, await CountAsync());
    }

    private async Task<int> CountAsync() => await lab.Presence.QueryAsync<TableEntity>().CountAsync();
}
