using System.Globalization;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Presence;

/// <summary>Many come into a room at once.</summary>
public sealed class PresenceCrowdTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly PresenceLab lab = new(cloud);

    /// <summary>How many, where a large crowd is asked for.</summary>
    private static int Size => int.Parse(Environment.GetEnvironmentVariable("CROWD_SIZE") ?? "60", CultureInfo.InvariantCulture);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task Of_many_who_come_at_once_each_costs_three_transactions_and_the_room_has_an_event_a_second()
    {
        var people = Size;
        // What a crowd waits for a store on the same two cores is no failure of it.
        var app = await lab.StartAppAsync(new() { ["Tables:Retry:NetworkTimeout"] = "00:01:00", ["Http:RequestTimeout"] = "00:01:00" });
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
}
