using System.Net;
using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Node;

namespace ChatFunctions.Tests.Messages;

/// <summary>An instance that dies when a message is kept, and before it is published.</summary>
public sealed class MessageCrashTests(TestCloud cloud, NodeClient node)
{
    [Fact]
    public async Task Its_repeat_gets_the_message_and_who_listens_finds_the_hole_and_reads_it_once()
    {
        var name = ChatApi.Unique("alice");
        var alice = cloud.Client(name);
        var room = await alice.PrivateRoomAsync("crash");
        await alice.SayAsync(room, "before");
        var topic = (await (await alice.GetAsync($"chats/{room}")).JsonAsync()).Text("eventsTopicName");
        var token = (await (await alice.GetAsync($"token?access=subscribe&chatId={room}")).JsonAsync()).Text("token");
        await using var heard = await (await node.ConnectAsync(token, cloud.Local.Momento.Address)).SubscribeAsync(LocalCloud.CacheName, topic);

        var clientId = Guid.NewGuid();
        var wire = new TableWire(cloud);
        await using (var dying = await cloud.StartAppAsync(new() { ["Http:RequestTimeout"] = "00:00:00.5" }, wire: wire))
        {
            // The batch is written, and from then on the instance reaches nothing any more.
            wire.Follow(request => !TableBatch.Is(request) ? null : async (message, passing) =>
            {
                wire.Fail(TableFaults.Lost);
                await TableFaults.LostAnswer(message, passing);
            });
            await (await cloud.Client(dying, name).PostMessageAsync(room, "kept", clientId)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        }

        var repeat = await (await alice.PostMessageAsync(room, "kept", clientId)).JsonAsync();
        Assert.Equal(2, repeat.Number());
        await alice.SayAsync(room, "after");
        Assert.Equal(3, JsonElement.Parse((await heard.NextAsync()).Text!).Number("seq"));
        var missed = await alice.PageAsync(room, "?after=1");
        Assert.Equal(["kept", "after"], missed.Texts());
        Assert.Equal(repeat.GetRawText(), missed.Messages().First().GetRawText());
    }
}
