using System.Net;
using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Members;

public sealed class InvitationTests(TestCloud cloud)
{
    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private readonly HttpClient bob = cloud.Client(ChatApi.Unique("bob"));
    private readonly HttpClient carol = cloud.Client(ChatApi.Unique("carol"));

    [Fact]
    public async Task Several_people_may_accept_one_invitation_and_each_may_do_it_twice()
    {
        var room = await alice.PrivateRoomAsync("open house");
        var code = await alice.InviteAsync(room);
        foreach (var guest in new[] { bob, carol, bob, alice }) Assert.Equal(room, (await (await guest.AcceptAsync(code)).JsonAsync()).Text("chatId"));
        Assert.Equal(3, (await (await alice.GetAsync($"chats/{room}/members")).JsonAsync()).GetArrayLength());
        Assert.Equal([room], await bob.ListPrivateAsync());
    }

    [Fact]
    public async Task Any_member_may_invite()
    {
        var room = await alice.PrivateRoomAsync("chain");
        await alice.LetInAsync(room, bob);
        await bob.LetInAsync(room, carol);
    }

    [Fact]
    public async Task An_invitation_says_when_it_expires_and_then_lets_nobody_in()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await cloud.StartAppAsync([], time);
        var (host, guest, late) = (cloud.Client(app, ChatApi.Unique("host")), cloud.Client(app, ChatApi.Unique("guest")), cloud.Client(app, ChatApi.Unique("late")));
        var room = await host.PrivateRoomAsync("today only");
        var answer = await host.PostAsync($"chats/{room}/invites", null);
        var invitation = await answer.JsonAsync(HttpStatusCode.Created);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal(time.GetUtcNow().AddHours(24), invitation.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));

        time.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal(HttpStatusCode.OK, (await guest.AcceptAsync(invitation.Text("inviteCode"))).StatusCode);
        time.Advance(TimeSpan.FromHours(0.2));
        await RefusedAsync(late, invitation.Text("inviteCode"));
        Assert.False(await late.CanEnterAsync(room));
        // For who is in already it stays harmless.
        Assert.Equal(HttpStatusCode.OK, (await guest.AcceptAsync(invitation.Text("inviteCode"))).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Once_somebody_is_removed_no_earlier_invitation_lets_anybody_in_also_where_they_had_left_before(bool hadLeft)
    {
        var room = await alice.PrivateRoomAsync("tight");
        await alice.LetInAsync(room, bob);
        var (ofAlice, ofBob) = (await alice.InviteAsync(room), await bob.InviteAsync(room));
        var bobsId = (await MeAsync(bob));
        if (hadLeft) Assert.Equal(HttpStatusCode.NoContent, (await bob.RemoveAsync(room, bobsId)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.RemoveAsync(room, bobsId)).StatusCode);

        Assert.False(await bob.CanEnterAsync(room));
        Assert.Empty(await bob.ListPrivateAsync());
        foreach (var code in new[] { ofAlice, ofBob })
        {
            await RefusedAsync(bob, code);
            await RefusedAsync(carol, code);
        }

        // A new one does, the former member too.
        await alice.LetInAsync(room, bob);
        Assert.Equal([room], await bob.ListPrivateAsync());
    }

    [Fact]
    public async Task Who_leaves_takes_their_own_invitations_with_them_and_nobody_elses()
    {
        var room = await alice.PrivateRoomAsync("leaving");
        await alice.LetInAsync(room, bob);
        var (ofAlice, ofBob) = (await alice.InviteAsync(room), await bob.InviteAsync(room));
        Assert.Equal(HttpStatusCode.NoContent, (await bob.RemoveAsync(room, await MeAsync(bob))).StatusCode);

        await RefusedAsync(carol, ofBob);
        Assert.Equal(HttpStatusCode.OK, (await carol.AcceptAsync(ofAlice)).StatusCode);
        Assert.False(await bob.CanEnterAsync(room));
    }

    [Fact]
    public async Task A_room_has_at_most_20_valid_invitations_and_more_when_one_has_expired()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await cloud.StartAppAsync([], time);
        var host = cloud.Client(app, ChatApi.Unique("host"));
        var room = await host.PrivateRoomAsync("full");
        await host.InviteAsync(room);
        time.Advance(TimeSpan.FromHours(1));
        for (var i = 1; i < 20; i++) await host.InviteAsync(room);

        var refused = await (await host.PostAsync($"chats/{room}/invites", null)).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal("too-many-invitations", refused.ProblemType());
        time.Advance(TimeSpan.FromHours(23));
        await host.InviteAsync(room);
    }

    [Fact]
    public async Task A_deleted_rooms_invitation_lets_nobody_in()
    {
        var room = await alice.PrivateRoomAsync("gone");
        var code = await alice.InviteAsync(room);
        await alice.DeleteAsync($"chats/{room}");
        await RefusedAsync(bob, code);
        await RefusedAsync(alice, code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("' or RowKey ne '")]
    public Task A_code_never_made_is_a_404(string code) => RefusedAsync(bob, code);

    [Fact]
    public async Task A_code_with_another_secret_is_a_404_and_so_is_one_for_another_room()
    {
        var code = await alice.InviteAsync(await alice.PrivateRoomAsync("one"));
        var other = await alice.InviteAsync(await alice.PrivateRoomAsync("two"));
        await RefusedAsync(bob, code[..22] + other[22..]);
        await RefusedAsync(bob, other[..22] + code[22..]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"inviteCode":null}""")]
    [InlineData("""{"inviteCode":7}""")]
    public async Task A_body_without_a_code_is_a_400_that_names_the_field(string json)
    {
        using var body = new StringContent(json, null, "application/json");
        var problem = await (await bob.PostAsync("invites", body)).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["inviteCode"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Invitations_that_let_nobody_in_any_more_go_when_a_new_one_is_made()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await cloud.StartAppAsync([], time);
        var (host, guest) = (cloud.Client(app, ChatApi.Unique("host")), cloud.Client(app, ChatApi.Unique("guest")));
        var room = await host.PrivateRoomAsync("tidy");
        for (var i = 0; i < 3; i++) await host.InviteAsync(room);
        Assert.Equal(3, await InvitationsInTableAsync(room));
        time.Advance(TimeSpan.FromHours(25));
        await host.LetInAsync(room, guest);
        Assert.Equal(1, await InvitationsInTableAsync(room));
        await host.RemoveAsync(room, await MeAsync(guest));
        var good = await host.InviteAsync(room);
        Assert.Equal(1, await InvitationsInTableAsync(room));
        Assert.Equal(HttpStatusCode.OK, (await guest.AcceptAsync(good)).StatusCode);
    }

    [Fact]
    public async Task Who_reads_the_table_finds_no_code_in_it()
    {
        var room = await alice.PrivateRoomAsync("stored");
        var code = await alice.InviteAsync(room);
        var rows = new TableServiceClient(cloud.Local.Storage.ConnectionString).GetTableClient("rooms").Query<TableEntity>($"PartitionKey eq '{room}'").ToList();
        Assert.Equal(4, rows.Count);
        Assert.DoesNotContain(rows.SelectMany(row => row), field => field.Value?.ToString()?.Contains(code[22..], StringComparison.Ordinal) ?? false);
    }

    private async Task<int> InvitationsInTableAsync(string room) =>
        await new TableServiceClient(cloud.Local.Storage.ConnectionString).GetTableClient("rooms")
            .QueryAsync<TableEntity>($"PartitionKey eq '{room}' and RowKey ge 'invite-' and RowKey lt 'invite.'").CountAsync();

    private static async Task RefusedAsync(HttpClient client, string code) =>
        Assert.Equal("invitation-not-found", (await (await client.AcceptAsync(code)).ProblemAsync(HttpStatusCode.NotFound)).ProblemType());

    /// <summary>The caller's own id: who makes a room is told.</summary>
    private static async Task<string> MeAsync(HttpClient client)
    {
        var probe = await (await client.CreatePrivateRoomAsync("probe")).JsonAsync(HttpStatusCode.Created);
        await client.DeleteAsync($"chats/{probe.Text("chatId")}");
        return probe.GetProperty("createdBy").Text("id");
    }
}
