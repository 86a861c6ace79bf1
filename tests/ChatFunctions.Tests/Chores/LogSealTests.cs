using System.Net;
using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Chores;

/// <summary>What is left of a deleted room for a day. The clock is not that of <see cref="ChoresTests"/>, whose access tokens would end.</summary>
public sealed class LogSealTests(ChoresLab lab) : IClassFixture<ChoresLab>
{
    private readonly string alice = ChatApi.Unique("alice");

    [Fact]
    public async Task Messages_of_a_deleted_room_are_gone_and_its_log_stays_sealed_for_a_day_and_what_was_written_late_goes_with_it()
    {
        await using var app = await lab.StartAppAsync();
        var owner = lab.Client(app, alice);
        var room = (await owner.RoomAsync(ChatApi.Unique("public"))).Text("chatId");
        await Task.WhenAll(Enumerable.Range(0, 70).Select(number => owner.SayAsync(room, $"m{number}")));
        var log = (await lab.Messages.QueryAsync<TableEntity>("RowKey eq 'head' and Number eq 70L").ToListAsync()).Single().PartitionKey;

        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"chats/{room}")).StatusCode);
        await (await owner.PostMessageAsync(room, "too late")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(1, await lab.IntentsAsync());
        await lab.FinishAsync(app);
        Assert.Equal(0, await lab.IntentsAsync());
        Assert.True((await lab.Messages.QueryAsync<TableEntity>($"PartitionKey eq '{log}'").ToListAsync()).Single().GetBoolean("IsSealed"));

        // By calls that had read the room before.
        await lab.Messages.AddEntityAsync(new TableEntity(log, "read-late") { ["Number"] = 1L });
        await lab.Rooms.AddEntityAsync(new TableEntity($"bans-{log}", "ban-AAAAAAAAAAAAAAAAAAAAAA"));
        await lab.Rooms.AddEntityAsync(new TableEntity("activity", room) { ["LogId"] = log, ["Number"] = 1L, ["LastAt"] = lab.Time.GetUtcNow() });
        await lab.Rooms.AddEntityAsync(new TableEntity("activity", "another") { ["LogId"] = "another", ["Number"] = 1L, ["LastAt"] = lab.Time.GetUtcNow() });
        lab.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(2));
        await app.RunTimerAsync("Chores");
        Assert.Empty(await lab.Messages.QueryAsync<TableEntity>($"PartitionKey eq '{log}'").ToListAsync());
        Assert.Empty(await lab.Rooms.QueryAsync<TableEntity>($"PartitionKey eq 'bans-{log}'").ToListAsync());
        Assert.Equal("another", (await lab.Rooms.QueryAsync<TableEntity>("PartitionKey eq 'activity'").ToListAsync()).Single().RowKey);
        Assert.Empty(await lab.Work.QueryAsync<TableEntity>("PartitionKey eq 'intent'").ToListAsync());
    }
}
