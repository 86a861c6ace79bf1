using System.Net;
using System.Text;
using Azure.Core;
using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Messages;

/// <summary>How far somebody has read a room.</summary>
public sealed class ReadMarkTests(TestCloud cloud)
{
    private readonly string aliceName = ChatApi.Unique("alice");
    private readonly string bobName = ChatApi.Unique("bob");
    private readonly string name = ChatApi.Unique("marks");
    private readonly TableClient messages = new(cloud.Local.Storage.ConnectionString, "messages");

    public static TheoryData<string> Faults => [.. TableFaults.ByName.Where(fault => fault.Value.Of is null).Select(fault => fault.Key)];

    private HttpClient Alice => cloud.Client(aliceName);

    private HttpClient Bob => cloud.Client(bobName);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_goes_on_and_neither_back_nor_beyond_the_last_message_and_is_of_one_person(bool isPrivate)
    {
        var room = await RoomAsync(isPrivate);
        Assert.Equal(HttpStatusCode.NoContent, (await Bob.MarkReadAsync(room, 5)).StatusCode);
        Assert.Equal(0, await ReadNumberAsync(Bob, room));
        for (var number = 1; number <= 3; number++) await Alice.SayAsync(room, $"m{number}");
        var heads = await HeadsAsync();
        foreach (var (number, read) in new[] { (0, 0), (2, 2), (1, 2), (2, 2), (99, 3), (0, 3) })
        {
            Assert.Equal(HttpStatusCode.NoContent, (await Bob.MarkReadAsync(room, number)).StatusCode);
            Assert.Equal(read, await ReadNumberAsync(Bob, room));
        }

        Assert.Equal(0, await ReadNumberAsync(Alice, room));
        // Whoever appends would lose against each write of the head.
        if (isPrivate) Assert.Equal(heads, await HeadsAsync());

        async Task<List<string>> HeadsAsync() =>
            await messages.QueryAsync<TableEntity>($"PartitionKey eq '{room}' and RowKey eq 'head'").Select(head => $"{head.ETag}").ToListAsync();
    }

    [Fact]
    public async Task It_is_a_whole_number_and_of_a_room_that_its_reader_may_enter()
    {
        var room = await RoomAsync(isPrivate: true);
        foreach (var body in new[] { "{}", """{"number":null}""", """{"number":-1}""", """{"number":1.5}""", """{"number":"1"}""", """{"number":9223372036854775808}""", "[]" })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            await (await Alice.PutAsync($"chats/{room}/read", content)).ProblemAsync(HttpStatusCode.BadRequest);
        }

        await Alice.SayAsync(room, "hello");
        await Bob.MarkReadAsync(room, 1);
        var bobsId = (await (await Bob.GetAsync("me")).JsonAsync()).Text("id");
        await Alice.RemoveAsync(room, bobsId);
        foreach (var chatId in new[] { room, "PAAAAAAAAAAAAAAAAAAAAAA", "never-made" })
        {
            Assert.Equal("room-not-found", (await (await Bob.MarkReadAsync(chatId, 1)).ProblemAsync(HttpStatusCode.NotFound)).ProblemType());
        }
    }

    [Fact]
    public async Task Where_devices_of_two_people_write_at_once_through_two_instances_each_persons_greatest_stays_and_none_is_seen_to_go_back()
    {
        const int Messages = 40;
        await using var other = await cloud.StartAppAsync([]);
        var room = await RoomAsync(isPrivate: true);
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(number => Alice.SayAsync(room, $"m{number}")));

        var greatest = await Task.WhenAll(new[] { aliceName, bobName }.Select(async person =>
        {
            var done = false;
            var watched = WatchAsync();
            var ofDevices = await Task.WhenAll(Enumerable.Range(0, 3).Select(async device =>
            {
                var client = device % 2 == 0 ? cloud.Client(person) : cloud.Client(other, person);
                var greatestOfDevice = 0;
                for (var act = 0; act < 10; act++)
                {
                    var number = Random.Shared.Next(1, Messages);
                    greatestOfDevice = Math.Max(greatestOfDevice, number);
                    Assert.Equal(HttpStatusCode.NoContent, (await client.MarkReadAsync(room, number)).StatusCode);
                    Assert.InRange(await ReadNumberAsync(client, room), greatestOfDevice, Messages);
                }

                return greatestOfDevice;
            }));
            done = true;
            await watched;
            return ofDevices.Max();

            async Task WatchAsync()
            {
                for (var seen = 0L; !done;)
                {
                    var now = await ReadNumberAsync(cloud.Client(person), room);
                    Assert.InRange(now, seen, Messages);
                    seen = now;
                }
            }
        }));

        Assert.Equal(greatest[0], await ReadNumberAsync(Alice, room));
        Assert.Equal(greatest[1], await ReadNumberAsync(Bob, room));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_device_whose_write_is_on_its_way_while_another_has_gone_further_takes_nothing_back(int readBefore)
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var room = await RoomAsync(isPrivate: true);
        for (var number = 1; number <= 3; number++) await Alice.SayAsync(room, $"m{number}");
        await Bob.MarkReadAsync(room, readBefore);
        var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        wire.FailOnly(0, TableFaults.Hold(sent, held.Task), of: request => request.Method != RequestMethod.Get);

        var slow = cloud.Client(app, bobName).MarkReadAsync(room, 2);
        await sent.Task;
        await Bob.MarkReadAsync(room, 3);
        held.SetResult();
        Assert.Equal(HttpStatusCode.NoContent, (await slow).StatusCode);
        Assert.Equal(3, await ReadNumberAsync(Bob, room));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task It_goes_on_whatever_fails(string fault)
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var alice = cloud.Client(app, aliceName);
        var room = await RoomAsync(isPrivate: true);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Alice.SayAsync(room, $"m{number}")));
        var read = 0;
        foreach (var call in FaultyCall.AtEveryRequest(wire, TableFaults.ByName[fault]))
        {
            Assert.Equal(HttpStatusCode.NoContent, (await call.MakeAsync(() => alice.MarkReadAsync(room, ++read))).StatusCode);
            Assert.Equal(read, await ReadNumberAsync(Alice, room));
        }

        Assert.True(read >= 5, "It has two reads for access, two more, and a write.");
    }

    [Fact]
    public async Task It_costs_access_two_point_reads_and_a_write_where_it_goes_on()
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        foreach (var isPrivate in new[] { true, false })
        {
            var access = isPrivate ? 2 : 1;
            var room = await RoomAsync(isPrivate);
            await Alice.SayAsync(room, "hello");
            foreach (var cost in new[] { access + 3, access + 2 })
            {
                var before = wire.Requests;
                await cloud.Client(app, bobName).MarkReadAsync(room, 1);
                Assert.Equal(cost, wire.Requests - before);
            }

        }
    }

    private async Task<string> RoomAsync(bool isPrivate)
    {
        if (!isPrivate) return (await Alice.RoomAsync(name)).Text("chatId");
        var room = await Alice.PrivateRoomAsync(name);
        await Alice.LetInAsync(room, Bob);
        return room;
    }

    private async Task<long> ReadNumberAsync(HttpClient client, string room) => (await client.ActivityAsync(room, name)).Number("readNumber");
}
