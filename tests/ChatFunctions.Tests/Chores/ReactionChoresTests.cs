using Azure.Data.Tables;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Reactions;

namespace ChatFunctions.Tests.Chores;

/// <summary>Reactions of a message that is deleted by an instance that ends before they are gone.</summary>
public sealed class ReactionChoresTests(ChoresLab lab) : IClassFixture<ChoresLab>
{
    private readonly string aliceName = ChatApi.Unique("alice");

    [Fact]
    public async Task They_are_shown_no_more_and_the_chores_take_them()
    {
        await using var app = await lab.StartAppAsync();
        var alice = lab.Client(app, aliceName);
        var room = await alice.PrivateRoomAsync("left");
        var id = (await alice.SayAsync(room, "m1")).Text("id");
        foreach (var emoji in new[] { "2764", "1F44D" })
        {
            lab.Time.Advance(TimeSpan.FromMilliseconds(100));
            await alice.ReactAsync(room, id, emoji).AssertDoneAsync();
        }

        // The intent, and the deletion.
        await using (var dying = await lab.StartDyingAppAsync(writes: 2))
        {
            await lab.Client(dying.App, aliceName).DeleteAsync($"chats/{room}/messages/{id}").AssertDoneAsync();
        }

        Assert.Equal(4, (await RowsAsync(room)).Count);
        Assert.Null(await alice.ReactionsAsync(room, id));
        await lab.FinishAsync(app);
        Assert.Empty(await RowsAsync(room));
        Assert.Equal(0, await lab.IntentsAsync());
    }

    private async Task<List<string>> RowsAsync(string room) => await lab.Messages
        .QueryAsync<TableEntity>($"PartitionKey eq '{room}' and RowKey ge 'react' and RowKey lt 'reactions'").Select(row => row.RowKey).ToListAsync();
}
