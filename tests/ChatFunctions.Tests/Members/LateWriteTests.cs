using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Members;

/// <summary>
/// A write of which the app has heard nothing is done 30 s later, when others have changed what it was decided on. Either the client library
/// has repeated it, and the call was answered as ever; or no try was heard of, and the call was a 503.
/// </summary>
public sealed class LateWriteTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly TableWire wire = new(cloud);
    private FunctionHost app = null!;
    private HttpClient alice = null!;
    private HttpClient bob = null!;
    private string room = "";

    public async ValueTask InitializeAsync()
    {
        app = await cloud.StartAppAsync([], wire: wire);
        (alice, bob) = (cloud.Client(app, ChatApi.Unique("alice")), cloud.Client(app, ChatApi.Unique("bob")));
        room = await alice.PrivateRoomAsync("late");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_member_whose_acceptance_lands_late_is_in_once_while_nothing_is_in_its_way()
    {
        var code = await alice.InviteAsync(room);
        await LateAsync(isRepeated: false, () => bob.AcceptAsync(code));
        Assert.False(await bob.CanEnterAsync(room));
        Assert.Equal(4, await wire.LandAsync());
        Assert.True(await bob.CanEnterAsync(room));
        Assert.Equal(2, (await MembersAsync()).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_was_removed_stays_out_when_their_acceptance_lands_late(bool isRepeated)
    {
        var bobsId = await LetInAndOutAsync();
        var code = await alice.InviteAsync(room);
        await LateAsync(isRepeated, () => bob.AcceptAsync(code));
        Assert.Equal(HttpStatusCode.NoContent, (await alice.RemoveAsync(room, bobsId)).StatusCode);
        await AssertStaysOutAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_has_left_stays_out_when_their_acceptance_lands_late(bool isRepeated)
    {
        var bobsId = await LetInAndOutAsync();
        var code = await alice.InviteAsync(room);
        await LateAsync(isRepeated, () => bob.AcceptAsync(code));
        if (!isRepeated) Assert.Equal(HttpStatusCode.OK, (await bob.AcceptAsync(code)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await bob.RemoveAsync(room, bobsId)).StatusCode);
        await AssertStaysOutAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_has_come_back_stays_in_when_their_departure_lands_late(bool removed)
    {
        var bobsId = await LetInAndOutAsync();
        await alice.LetInAsync(room, bob);
        await LateAsync(isRepeated: true, () => (removed ? alice : bob).RemoveAsync(room, bobsId));
        await alice.LetInAsync(room, bob);
        Assert.Equal(1, await wire.LandAsync());
        Assert.True(await bob.CanEnterAsync(room));
    }

    [Fact]
    public async Task Who_comes_in_while_their_removal_is_on_its_way_is_out_after_it()
    {
        var bobsId = await LetInAndOutAsync();
        var code = await alice.InviteAsync(room);
        var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        wire.FailOnly(0, TableFaults.Hold(sent, held.Task), TableBatch.Is);
        var removed = alice.RemoveAsync(room, bobsId);
        await sent.Task;
        Assert.Equal(HttpStatusCode.OK, (await bob.AcceptAsync(code)).StatusCode);
        held.SetResult();
        Assert.Equal(HttpStatusCode.NoContent, (await removed).StatusCode);
        Assert.False(await bob.CanEnterAsync(room));
        Assert.Single(await MembersAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_invitation_that_lands_late_is_none_where_its_maker_has_left(bool isRepeated)
    {
        await alice.LetInAsync(room, bob);
        var bobsId = (await MembersAsync()).Single(id => id != "");
        await LateAsync(isRepeated, () => bob.PostAsync($"chats/{room}/invites", null));
        Assert.Equal(HttpStatusCode.NoContent, (await bob.RemoveAsync(room, bobsId)).StatusCode);
        Assert.True(await wire.LandAsync() > 0);
        // All but one of the most that a room may have: alice has made one.
        for (var i = 1; i < 20; i++) await alice.InviteAsync(room);
    }

    /// <summary>The first batch of a call is late, or each try of it.</summary>
    private async Task LateAsync(bool isRepeated, Func<Task<HttpResponseMessage>> call)
    {
        if (isRepeated) wire.FailOnly(0, TableFaults.Late, TableBatch.Is);
        else wire.Fail(TableFaults.Late, TableBatch.Is);
        var answer = await call();
        wire.Heal();
        Assert.True(isRepeated ? answer.IsSuccessStatusCode : answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
    }

    /// <returns>Bob's id.</returns>
    private async Task<string> LetInAndOutAsync()
    {
        await alice.LetInAsync(room, bob);
        var bobsId = (await MembersAsync()).Single(id => id != "");
        Assert.Equal(HttpStatusCode.NoContent, (await alice.RemoveAsync(room, bobsId)).StatusCode);
        return bobsId;
    }

    private async Task AssertStaysOutAsync()
    {
        Assert.True(await wire.LandAsync() > 0);
        Assert.False(await bob.CanEnterAsync(room));
        Assert.Single(await MembersAsync());
    }

    /// <summary>The ids of all members; the owner's is empty here.</summary>
    private async Task<List<string>> MembersAsync() =>
        [.. (await (await alice.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray()
            .Select(member => member.GetProperty("isOwner").GetBoolean() ? "" : member.Text("id"))];
}
