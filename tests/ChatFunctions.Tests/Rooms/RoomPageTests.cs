using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Rooms;

/// <summary>The list of public rooms, where Table Storage's pages are short or empty and there is more.</summary>
public sealed class RoomPageTests(TestCloud cloud)
{
    [Fact]
    public async Task Short_and_empty_pages_are_read_on_to_the_limit()
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        using var alice = cloud.Client(app, ChatApi.Unique("alice"));
        var name = ChatApi.Unique("page");
        var rooms = new List<string>();
        for (var number = 0; number < 5; number++) rooms.Add((await alice.RoomAsync($"{name} {number}")).GetRawText());
        wire.Follow(ShortPages.Script);

        var path = $"chats?prefix={Uri.EscapeDataString(name)}";
        var all = await (await alice.GetAsync(path)).JsonAsync();
        Assert.Equal(rooms, all.EnumerateArray().Select(room => room.GetRawText()));
        var before = wire.Requests;
        var first = await alice.GetAsync($"{path}&limit=2");
        Assert.Equal(rooms[..2], (await first.JsonAsync()).EnumerateArray().Select(room => room.GetRawText()));
        Assert.NotNull(first.NextPage());
        // What was asked of the caller's own list, which is empty, and three public rooms: each page twice.
        Assert.True(wire.Requests - before >= 8, $"{wire.Requests - before} requests");
    }
}
