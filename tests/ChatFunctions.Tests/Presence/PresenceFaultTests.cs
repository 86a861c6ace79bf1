using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Presence;

/// <summary>What becomes of presence where something fails, or many come at once.</summary>
public sealed class PresenceFaultTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly PresenceLab lab = new(cloud);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Theory]
    [InlineData("busy")]
    [InlineData("lost")]
    [InlineData("lost answer")]
    public async Task Whichever_request_to_Table_Storage_fails_another_try_has_somebody_here_and_another_gone(string fault)
    {
        var app = await lab.StartAppAsync(new() { ["Tables:Retry:MaxRetries"] = "0" });
        var alice = lab.Client(app, "alice");
        var room = (await alice.RoomAsync(ChatApi.Unique("faults"))).Text("chatId");
        for (var number = 0; number < 6; number++)
        {
            var tab = Guid.NewGuid();
            await TryAsync(() => alice.PutPresenceAsync(room, tab), HttpStatusCode.OK);
            Assert.Equal("alice", (await alice.PresenceAsync(room)).Names());
            await TryAsync(() => alice.DeleteAsync($"chats/{room}/presence/{tab}"), HttpStatusCode.NoContent);
            // It may be gone without an answer: then the next roster tells.
            lab.Time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal("", (await alice.PresenceAsync(room)).Names());

            async Task TryAsync(Func<Task<HttpResponseMessage>> call, HttpStatusCode done)
            {
                lab.Wire.FailOnly(number, TableFaults.ByName[fault].Fault);
                var status = (await call()).StatusCode;
                lab.Wire.Heal();
                if (status == HttpStatusCode.ServiceUnavailable) status = (await call()).StatusCode;
                Assert.Equal(done, status);
            }
        }
    }

    [Fact]
    public async Task An_instance_that_is_gone_takes_nobody_with_it()
    {
        var (first, second) = (await lab.StartAppAsync(), await lab.StartAppAsync());
        var alice = lab.Client(first, "alice");
        var room = (await alice.RoomAsync(ChatApi.Unique("killed"))).Text("chatId");
        await alice.RenewAsync(room, Guid.NewGuid());
        await first.DisposeAsync();
        Assert.Equal("alice", (await lab.Client(second, "bob").PresenceAsync(room)).Names());
    }

    [Fact]
    public async Task Of_many_who_come_at_once_each_costs_three_transactions_and_the_room_has_an_event_a_second()
    {
        const int people = 60;
        var app = await lab.StartAppAsync();
        var reader = lab.Client(app, "reader");
        var room = (await reader.RoomAsync(ChatApi.Unique("crowd"))).Text("chatId");
        using var heard = await lab.ListenAsync(reader, room);
        await reader.PresenceAsync(room);
        var before = lab.Wire.Requests;
        await Task.WhenAll(Enumerable.Range(0, people).Select(number => lab.Client(app, $"person{number}").RenewAsync(room, Guid.NewGuid())));
        // Leases of now may lie in two partitions: a range more for each of the two looks.
        Assert.InRange(lab.Wire.Requests - before, 3 * people, 5 * people);
        Assert.Equal(people, (await reader.PresenceAsync(room)).GetProperty("count").GetInt32());

        // What one event cannot hold is in the answers.
        await lab.NextAsync(heard);
        await lab.NextAsync(heard);
        lab.Time.Advance(TimeSpan.FromSeconds(5));
        await reader.SayAsync(room, "nothing came before this");
        Assert.Equal("message", (await lab.NextAsync(heard)).Text("type"));
    }

    [Fact]
    public async Task Of_two_tabs_that_open_at_once_at_least_one_is_told_and_when_both_close_at_once_that_the_person_has_left()
    {
        var app = await lab.StartAppAsync();
        var alice = lab.Client(app, "alice");
        var room = (await alice.RoomAsync(ChatApi.Unique("tabs"))).Text("chatId");
        using var heard = await lab.ListenAsync(alice, room);
        for (var i = 0; i < 5; i++)
        {
            var tabs = new[] { Guid.NewGuid(), Guid.NewGuid() };
            await Task.WhenAll(tabs.Select(tab => alice.RenewAsync(room, tab)));
            await HearAsync("came");
            await Task.WhenAll(tabs.Select(tab => alice.EndAsync(room, tab)));
            await HearAsync("left");
            lab.Time.Advance(TimeSpan.FromSeconds(10));
        }

        // Somebody who is told twice to have come has come.
        async Task HearAsync(string what)
        {
            while (!(await lab.NextAsync(heard)).TryGetProperty(what, out _))
            {
            }
        }
    }
}
