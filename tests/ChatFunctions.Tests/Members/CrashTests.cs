using System.Net;
using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Tests.Members;

/// <summary>The app dies between any two writes of a call: nobody is in who should not be, and the call can be repeated.</summary>
public sealed class CrashTests(TestCloud cloud)
{
    private readonly string aliceName = ChatApi.Unique("alice");
    private readonly string bobName = ChatApi.Unique("bob");
    private readonly TableClient table = new TableServiceClient(cloud.Local.Storage.ConnectionString).GetTableClient("rooms");

    private HttpClient Alice => cloud.Client(aliceName);

    private HttpClient Bob => cloud.Client(bobName);

    [Fact]
    public async Task Create()
    {
        for (var writes = 0; ; writes++)
        {
            await using var dying = await DyingAppAsync(writes);
            var created = await dying.Client(aliceName).CreatePrivateRoomAsync("crash");
            var listed = await Alice.ListPrivateAsync();
            foreach (var room in listed) Assert.True(await Alice.CanEnterAsync(room));
            // The second write makes the room; the third only confirms the entry in the list.
            Assert.Equal(Math.Max(0, writes - 1), listed.Count);
            if (created.StatusCode != HttpStatusCode.Created) continue;
            Assert.Equal(3, writes);
            return;
        }
    }

    [Fact]
    public async Task Accept()
    {
        var room = await Alice.PrivateRoomAsync("crash");
        var code = await Alice.InviteAsync(room);
        for (var writes = 0; ; writes++)
        {
            await using var dying = await DyingAppAsync(writes);
            var accepted = (await dying.Client(bobName).AcceptAsync(code)).IsSuccessStatusCode;
            // The second write lets them in; the third only confirms the entry in their list.
            Assert.Equal(writes >= 2, await Bob.CanEnterAsync(room));
            Assert.Equal(writes >= 2 ? [room] : [], await Bob.ListPrivateAsync());
            if (!accepted) continue;
            Assert.Equal(3, writes);
            return;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Remove_and_leave(bool removed)
    {
        var room = await Alice.PrivateRoomAsync("crash");
        var code = await Alice.InviteAsync(room);
        await Bob.AcceptAsync(code);
        var bobsId = (await (await Alice.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray()
            .Single(member => !member.GetProperty("isOwner").GetBoolean()).Text("id");
        // A removal has an intent before: that its listeners are to be told.
        var putsOut = removed ? 2 : 1;
        for (var writes = 0; ; writes++)
        {
            await using var dying = await DyingAppAsync(writes);
            var answer = (await dying.Client(removed ? aliceName : bobName).RemoveAsync(room, bobsId)).StatusCode;
            // The write before doubts the entry in their list, the one after drops it.
            Assert.Equal(writes <= putsOut, await Bob.CanEnterAsync(room));
            Assert.Equal(writes <= putsOut ? [room] : [], await Bob.ListPrivateAsync());
            if (answer == HttpStatusCode.ServiceUnavailable) continue;
            Assert.Equal(putsOut + 2, writes);
            // Who repeats the call that was cut off has left already.
            Assert.Equal(removed ? HttpStatusCode.NoContent : HttpStatusCode.NotFound, answer);
            Assert.Equal(removed ? HttpStatusCode.NotFound : HttpStatusCode.OK, (await Bob.AcceptAsync(code)).StatusCode);
            return;
        }
    }

    [Fact]
    public async Task Delete()
    {
        var room = await Alice.PrivateRoomAsync("crash");
        var code = await Alice.InviteAsync(room);
        await Bob.AcceptAsync(code);
        for (var writes = 0; ; writes++)
        {
            await using var dying = await DyingAppAsync(writes);
            var deleted = (await dying.Client(aliceName).DeleteAsync($"chats/{room}")).IsSuccessStatusCode;
            foreach (var user in new[] { Alice, Bob })
            {
                // The first write is the intent, the second closes the room.
                Assert.Equal(writes < 2, await user.CanEnterAsync(room));
                Assert.Equal(writes < 2 ? [room] : [], await user.ListPrivateAsync());
                if (writes >= 2) Assert.Equal(HttpStatusCode.NotFound, (await user.AcceptAsync(code)).StatusCode);
            }

            if (!deleted) continue;
            await AssertNothingIsLeftAsync(room);
            return;
        }
    }

    /// <summary>So many writes come through, and then nothing any more.</summary>
    private async Task<FaultLab> DyingAppAsync(int writes)
    {
        var lab = await FaultLab.StartAsync(cloud, new() { ["Tables:Retry:MaxRetries"] = "0" });
        lab.TablesWire.Follow(request =>
        {
            if (Volatile.Read(ref writes) < 0) return HttpFaults.Reset;
            return !HttpMethods.IsGet(request.Method) && Interlocked.Decrement(ref writes) < 0 ? HttpFaults.Reset : null;
        });
        return lab;
    }

    private async Task AssertNothingIsLeftAsync(string room)
    {
        Assert.Empty(await table.QueryAsync<TableEntity>($"PartitionKey eq '{room}' or RowKey eq '{room}'").ToListAsync());
        await (await Alice.DeleteAsync($"chats/{room}")).ProblemAsync(HttpStatusCode.NotFound);
    }
}
