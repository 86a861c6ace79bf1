using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Members;

/// <summary>What calls cost, counted where they are sent.</summary>
public sealed class ReadCountTests(TestCloud cloud)
{
    private readonly string alice = ChatApi.Unique("alice");

    [Fact]
    public async Task A_private_token_costs_two_point_reads_a_room_every_time_and_one_call_to_Momento()
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        var rooms = new List<string>();
        for (var i = 0; i < 9; i++) rooms.Add(await cloud.Client(alice).PrivateRoomAsync($"room {i}"));
        var path = "token?" + string.Join('&', rooms.Select(room => $"chatId={room}"));

        for (var call = 1; call <= 3; call++)
        {
            await (await lab.Client(alice).GetAsync(path)).JsonAsync();
            Assert.Equal(2 * 9 * call, lab.TablesWire.Requests);
            Assert.Equal(1, lab.Momento.TokenCalls);
        }
    }

    [Fact]
    public async Task A_shared_token_that_is_there_costs_its_access_alone()
    {
        var room = await cloud.Client(alice).PrivateRoomAsync("shared");
        await using var lab = await FaultLab.StartAsync(cloud);
        foreach (var (path, reads) in new[] { ("token?access=subscribe", 0), ($"token?access=subscribe&chatId={room}", 2) })
        {
            await (await lab.Client(alice).GetAsync(path)).JsonAsync();
            var before = lab.TablesWire.Requests;
            await (await lab.Client(alice).GetAsync(path)).JsonAsync();
            Assert.Equal(before + reads, lab.TablesWire.Requests);
        }
    }

    [Fact]
    public async Task A_private_room_is_two_point_reads_and_where_the_caller_may_not_enter_one_more_transaction_whether_it_is_there_or_not()
    {
        var room = await cloud.Client(alice).PrivateRoomAsync("one read");
        await using var lab = await FaultLab.StartAsync(cloud);
        foreach (var (user, chatId, reads) in new[] { (alice, room, 2), ("stranger", room, 3), ("stranger", "PAAAAAAAAAAAAAAAAAAAAAA", 3), (alice, "never-made", 1) })
        {
            foreach (var path in new[] { $"chats/{chatId}", $"token?chatId={chatId}" })
            {
                var before = lab.TablesWire.Requests;
                await lab.Client(user).GetAsync(path);
                Assert.Equal(before + reads, lab.TablesWire.Requests);
            }
        }
    }

    [Fact]
    public async Task A_public_room_costs_one_write_and_a_taken_name_one_read_more()
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        var name = ChatApi.Unique("counted");
        await lab.Client(alice).RoomAsync(name);
        Assert.Equal(1, lab.TablesWire.Requests);
        Assert.Equal(HttpStatusCode.Conflict, (await lab.Client(alice).CreateRoomAsync(name)).StatusCode);
        Assert.Equal(3, lab.TablesWire.Requests);
    }

    [Fact]
    public async Task A_page_of_rooms_is_one_read_for_the_callers_own_list_and_one_for_the_public_ones_however_many_they_are()
    {
        for (var i = 0; i < 3; i++) await cloud.Client(alice).PrivateRoomAsync($"room {i}");
        await using var lab = await FaultLab.StartAsync(cloud);
        await lab.Client(alice).GetAsync("chats?limit=50");
        Assert.Equal(2, lab.TablesWire.Requests);
    }
}
