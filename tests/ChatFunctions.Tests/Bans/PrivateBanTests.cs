using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Bans;

/// <summary>Bans from a private room: a removal that no invitation undoes.</summary>
public sealed class PrivateBanTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly TableWire wire = new(cloud);
    private readonly HttpClient bob = cloud.Client(ChatApi.Unique("bob"));
    private readonly HttpClient carol = cloud.Client(ChatApi.Unique("carol"));
    private readonly string aliceName = ChatApi.Unique("alice");
    private FunctionHost app = null!;
    private string room = "";
    private string place = "";
    private string bobsId = "";

    /// <summary>Of the shared app.</summary>
    private HttpClient Alice => cloud.Client(aliceName);

    public async ValueTask InitializeAsync()
    {
        app = await cloud.StartAppAsync([], wire: wire);
        room = await Alice.PrivateRoomAsync("private");
        (place, bobsId) = ($"chats/{room}", await bob.IdAsync());
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Who_is_banned_is_out_as_if_there_were_no_such_room_and_no_invitation_lets_them_in_until_the_ban_is_lifted()
    {
        var before = await Alice.InviteAsync(room);
        await bob.AcceptAsync(before);
        await Alice.LetInAsync(room, carol);
        var clientId = Guid.NewGuid();
        var said = await bob.SayAsync(room, "1", clientId);
        var topic = (await bob.PageAsync(room)).Text("eventsTopicName");
        await Alice.BanAsync(place, bobsId, "Enough.").AssertDoneAsync();

        var during = await carol.InviteAsync(room);
        foreach (var call in new[]
        {
            bob.GetAsync(place), bob.GetAsync($"{place}/messages"), bob.PostMessageAsync(room, "x"), bob.PostMessageAsync(room, "1", clientId), bob.GetAsync($"token?chatId={room}"),
            bob.EditAsync(room, said.Text("id"), "x"), bob.DeleteAsync($"{place}/messages/{said.Text("id")}"), bob.GetAsync($"{place}/bans"), bob.LiftAsync(place, bobsId),
        })
        {
            await call.AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
        }

        foreach (var code in new[] { before, during }) await bob.AcceptAsync(code).AssertProblemAsync(HttpStatusCode.NotFound, "invitation-not-found");
        Assert.DoesNotContain(room, await bob.ListPrivateAsync());
        Assert.NotEqual(topic, (await carol.PageAsync(room)).Text("eventsTopicName"));
        var ban = Assert.Single(await Alice.BansAsync(place));
        Assert.Equal((bobsId, "Enough.", "owner"), (ban.Text("userId"), ban.Text("reason"), ban.Text("by")));
        Assert.StartsWith("Bob", ban.Text("name"), StringComparison.Ordinal);
        // Their name stays known when the ban is replaced.
        await Alice.BanAsync(place, bobsId).AssertDoneAsync();
        Assert.StartsWith("Bob", Assert.Single(await Alice.BansAsync(place)).Text("name"), StringComparison.Ordinal);

        await Alice.LiftAsync(place, bobsId).AssertDoneAsync();
        Assert.False(await bob.CanEnterAsync(room));
        await bob.AcceptAsync(during).AssertProblemAsync(HttpStatusCode.NotFound, "invitation-not-found");
        await Alice.LetInAsync(room, bob);
        Assert.True(await bob.CanEnterAsync(room));
    }

    [Fact]
    public async Task Only_the_owner_bans_members_and_strangers_and_no_moderator_does_who_is_not_in()
    {
        await Alice.LetInAsync(room, carol);
        await carol.BanAsync(place, bobsId).AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
        await carol.GetAsync($"{place}/bans").AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
        var mod = cloud.Moderator(ChatApi.Unique("mod"));
        foreach (var call in new[] { mod.BanAsync(place, bobsId), mod.LiftAsync(place, bobsId), mod.GetAsync($"{place}/bans") })
        {
            await call.AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
        }

        await Alice.BanAsync(place, await Alice.IdAsync()).AssertProblemAsync(HttpStatusCode.Conflict, "ban-of-self");
        await Alice.BanAsync(place, bobsId).AssertDoneAsync();
        await bob.AcceptAsync(await Alice.InviteAsync(room)).AssertProblemAsync(HttpStatusCode.NotFound, "invitation-not-found");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_acceptance_that_is_on_its_way_when_the_ban_comes_does_not_let_in_also_where_it_lands_late(bool lands)
    {
        var code = await Alice.InviteAsync(room);
        var guest = cloud.Client(app.Address);
        guest.DefaultRequestHeaders.Authorization = bob.DefaultRequestHeaders.Authorization;
        var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        if (lands) wire.Fail(TableFaults.Late, TableBatch.Is);
        else wire.FailOnly(0, TableFaults.Hold(sent, held.Task), TableBatch.Is);
        var accepted = guest.AcceptAsync(code);
        await (lands ? accepted : sent.Task);
        await Alice.BanAsync(place, bobsId).AssertDoneAsync();
        held.SetResult();
        if (lands) Assert.True(await wire.LandAsync() > 0);
        else await accepted.AssertProblemAsync(HttpStatusCode.NotFound, "invitation-not-found");
        Assert.False(await bob.CanEnterAsync(room));
    }

    [Fact]
    public async Task After_the_bans_204_nothing_is_kept_of_them_also_by_an_instance_that_has_just_read_the_room()
    {
        await Alice.LetInAsync(room, bob);
        var guest = cloud.Client(app.Address);
        guest.DefaultRequestHeaders.Authorization = bob.DefaultRequestHeaders.Authorization;
        await guest.SayAsync(room, "before");
        await Alice.BanAsync(place, bobsId).AssertDoneAsync();
        await guest.PostMessageAsync(room, "after").AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
        Assert.Equal(["before"], (await Alice.PageAsync(room)).Texts());
    }
}
