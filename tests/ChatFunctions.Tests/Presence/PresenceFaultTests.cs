using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Presence;

/// <summary>What becomes of presence where something fails.</summary>
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
