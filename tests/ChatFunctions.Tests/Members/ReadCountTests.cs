using System.Net;
using Azure.Core.Pipeline;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Tokens;

namespace ChatFunctions.Tests.Members;

/// <summary>What calls cost, counted where they are sent.</summary>
public sealed class ReadCountTests(TestCloud cloud)
{
    private readonly string alice = ChatApi.Unique("alice");

    [Fact]
    public async Task A_private_token_costs_one_read_a_room_every_time_and_one_call_to_Momento()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var rooms = new List<string>();
        for (var i = 0; i < 9; i++) rooms.Add(await lab.Client(alice).PrivateRoomAsync($"room {i}"));
        using var wire = cloud.TableWire();
        await using var counted = await cloud.StartAppAsync([], wire: new HttpClientTransport(wire));
        var path = "token?" + string.Join('&', rooms.Select(room => $"chatId={room}"));

        for (var call = 1; call <= 3; call++)
        {
            await (await cloud.Client(counted, alice).GetAsync(path)).JsonAsync();
            Assert.Equal(9 * call, wire.Requests);
            await (await lab.Client(alice).GetAsync(path)).JsonAsync();
            Assert.Equal(1, lab.Momento.TokenCalls);
        }
    }

    [Fact]
    public async Task A_room_is_one_read_whether_it_is_there_or_not_and_whoever_asks()
    {
        var room = await cloud.Client(alice).PrivateRoomAsync("one read");
        using var wire = cloud.TableWire();
        await using var counted = await cloud.StartAppAsync([], wire: new HttpClientTransport(wire));
        foreach (var (user, chatId) in new[] { (alice, room), ("stranger", room), ("stranger", "PAAAAAAAAAAAAAAAAAAAAAA"), (alice, "never-made") })
        {
            foreach (var path in new[] { $"chats/{chatId}", $"token?chatId={chatId}" })
            {
                var before = wire.Requests;
                await cloud.Client(counted, user).GetAsync(path);
                Assert.Equal(before + 1, wire.Requests);
            }
        }
    }

    [Fact]
    public async Task A_public_room_costs_one_write_and_a_taken_name_one_read_more()
    {
        using var wire = cloud.TableWire();
        await using var counted = await cloud.StartAppAsync([], wire: new HttpClientTransport(wire));
        var name = ChatApi.Unique("counted");
        await cloud.Client(counted, alice).RoomAsync(name);
        Assert.Equal(1, wire.Requests);
        Assert.Equal(HttpStatusCode.Conflict, (await cloud.Client(counted, alice).CreateRoomAsync(name)).StatusCode);
        Assert.Equal(3, wire.Requests);
    }

    [Fact]
    public async Task A_page_of_rooms_is_one_read_for_the_callers_own_list_one_for_each_of_those_rooms_and_one_for_the_public_ones()
    {
        for (var i = 0; i < 3; i++) await cloud.Client(alice).PrivateRoomAsync($"room {i}");
        using var wire = cloud.TableWire();
        await using var counted = await cloud.StartAppAsync([], wire: new HttpClientTransport(wire));
        await cloud.Client(counted, alice).GetAsync("chats?limit=50");
        Assert.Equal(1 + 3 + 1, wire.Requests);
    }
}
