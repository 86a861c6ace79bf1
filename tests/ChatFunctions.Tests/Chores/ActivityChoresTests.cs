using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Chores;

/// <summary>What was said last in a public room is told of by the chores where the instance that has kept it is gone.</summary>
public sealed class ActivityChoresTests(ChoresLab lab) : IClassFixture<ChoresLab>
{
    private readonly string alice = ChatApi.Unique("alice");

    [Fact]
    public async Task An_instance_that_is_killed_at_any_of_its_writes_leaves_no_message_untold()
    {
        await using var app = await lab.StartAppAsync();
        var owner = lab.Client(app, alice);
        // The intent, the day, the message, what was said last, the end of the intent.
        for (var writes = 0; writes <= 5; writes++)
        {
            var name = ChatApi.Unique("killed");
            var room = (await owner.RoomAsync(name)).Text("chatId");
            await using (var dying = await lab.StartDyingAppAsync(writes))
            {
                if (writes < 3)
                {
                    using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
                    await Record.ExceptionAsync(() => lab.Client(dying.App, alice).PostAsync(
                        $"chats/{room}/messages", new StringContent($"{{\"text\":\"m\",\"clientId\":\"{Guid.NewGuid()}\"}}", null, "application/json"), impatience.Token));
                }
                else
                {
                    await lab.Client(dying.App, alice).SayAsync(room, "m");
                    if (writes > 3) lab.Time.Advance(TimeSpan.FromSeconds(30));
                    if (writes > 3) await UntilToldAsync(room);
                }
            }

            await lab.FinishAsync(app);
            var kept = (await owner.PageAsync(room)).Messages().Count();
            Assert.True(kept == 1 || writes < 3);
            Assert.Equal(kept, (await owner.ActivityAsync(room, name)).Number());
            Assert.Empty(await lab.Work.QueryAsync<TableEntity>("PartitionKey eq 'intent'").ToListAsync());
        }
    }

    [Fact]
    public async Task What_is_left_of_a_room_that_is_gone_takes_nothing_from_the_one_that_has_its_name()
    {
        await using var app = await lab.StartAppAsync();
        var (owner, name) = (lab.Client(app, alice), ChatApi.Unique("again"));
        var room = (await owner.RoomAsync(name)).Text("chatId");
        await owner.SayAsync(room, "of the second");
        await lab.FinishAsync(app);
        // As a deletion that was cut off before it sealed the log leaves it.
        await lab.Messages.AddEntityAsync(new TableEntity("the-first", "head") { ["Seq"] = 9L, ["Number"] = 9L, ["LastAt"] = lab.Time.GetUtcNow() });
        await lab.Work.AddEntityAsync(new TableEntity("intent", $"{0:D19}-a") { ["What"] = "write-activity", ["ChatId"] = room, ["LogId"] = "the-first" });
        await lab.FinishAsync(app);
        Assert.Equal(1, (await owner.ActivityAsync(room, name)).Number());
        Assert.Empty(await lab.Work.QueryAsync<TableEntity>("PartitionKey eq 'intent'").ToListAsync());
    }

    private async Task UntilToldAsync(string room)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await lab.Rooms.QueryAsync<TableEntity>($"PartitionKey eq 'activity' and RowKey eq '{room}'").AnyAsync()) await Task.Delay(5, timeout.Token);
    }
}
