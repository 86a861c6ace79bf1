using System.Net;
using System.Net.Http.Json;
using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Bans;

/// <summary>Bans from one public room.</summary>
public sealed class PublicBanTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private readonly HttpClient bob = cloud.Client(ChatApi.Unique("bob"));
    private readonly HttpClient mod = cloud.Moderator(ChatApi.Unique("mod"));
    private readonly TableClient rooms = new(cloud.Local.Storage.ConnectionString, "rooms");
    private readonly string name = ChatApi.Unique("public");
    private string room = "";
    private string place = "";
    private string bobsId = "";

    public async ValueTask InitializeAsync()
    {
        room = (await alice.RoomAsync(name)).Text("chatId");
        (place, bobsId) = ($"chats/{room}", await bob.IdAsync());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_ban_binds_writing_in_this_room_alone_says_why_and_ends_when_it_is_lifted()
    {
        var (first, second) = (await bob.SayAsync(room, "1"), Guid.NewGuid());
        var said = await bob.SayAsync(room, "2", second);
        var until = DateTimeOffset.UtcNow.AddHours(1);
        await alice.BanAsync(place, bobsId, "Enough.", until).AssertDoneAsync();

        Assert.Equal("", await bob.RightsAsync(room));
        foreach (var refused in new[] { bob.PostMessageAsync(room, "3"), bob.EditAsync(room, said.Text("id"), "4") })
        {
            var problem = await (await refused).ProblemAsync(HttpStatusCode.Forbidden);
            Assert.Equal(("banned", "Enough.", until), (problem.ProblemType(), problem.Text("reason"), problem.GetProperty("until").GetDateTimeOffset()));
        }

        // What was kept before is told also now; and one's own may be taken back.
        Assert.Equal(said.GetRawText(), (await (await bob.PostMessageAsync(room, "x", second)).JsonAsync()).GetRawText());
        await bob.DeleteAsync($"{place}/messages/{first.Text("id")}").AssertDoneAsync();
        Assert.Equal(HttpStatusCode.OK, (await bob.GetAsync($"{place}/messages/{said.Text("id")}")).StatusCode);
        Assert.Equal(2, (await bob.PageAsync(room)).Messages().Count());
        await bob.SayAsync((await alice.RoomAsync(ChatApi.Unique("other"))).Text("chatId"), "here");

        var ban = Assert.Single(await alice.BansAsync(place));
        Assert.Equal((bobsId, "Enough.", "owner"), (ban.Text("userId"), ban.Text("reason"), ban.Text("by")));
        Assert.Equal(until, ban.GetProperty("until").GetDateTimeOffset());
        await alice.BanAsync(place, bobsId).AssertDoneAsync();
        Assert.Equal(["userId", "bannedAt", "by"], Assert.Single(await alice.BansAsync(place)).EnumerateObject().Select(field => field.Name));
        foreach (var time in new[] { 1, 2 }) await alice.LiftAsync(place, bobsId).AssertDoneAsync();
        Assert.Empty(await alice.BansAsync(place));
        await bob.SayAsync(room, "5");
    }

    [Fact]
    public async Task A_moderator_bans_the_owner_too_and_only_moderators_lift_or_replace_what_a_moderator_has_done()
    {
        var alicesId = await alice.IdAsync();
        await mod.BanAsync(place, alicesId).AssertDoneAsync();
        await alice.PostMessageAsync(room, "x").AssertProblemAsync(HttpStatusCode.Forbidden, "banned");
        Assert.Equal("moderate delete", await alice.RightsAsync(room));
        await alice.LiftAsync(place, alicesId).AssertProblemAsync(HttpStatusCode.Forbidden, "not-moderator");

        // The owner's becomes the moderator's.
        await alice.BanAsync(place, bobsId).AssertDoneAsync();
        await mod.BanAsync(place, bobsId).AssertDoneAsync();
        Assert.Equal(["moderator", "moderator"], (await alice.BansAsync(place)).Select(ban => ban.Text("by")));
        await alice.BanAsync(place, bobsId, "Mine.").AssertProblemAsync(HttpStatusCode.Forbidden, "not-moderator");
        await alice.LiftAsync(place, bobsId).AssertProblemAsync(HttpStatusCode.Forbidden, "not-moderator");
        foreach (var id in new[] { bobsId, alicesId }) await cloud.Moderator(ChatApi.Unique("another")).LiftAsync(place, id).AssertDoneAsync();
        await alice.SayAsync(room, "x");
        await bob.SayAsync(room, "x");
    }

    [Fact]
    public async Task Only_the_owner_and_moderators_ban_and_nobody_themselves_and_somebody_whom_nobody_has_seen_can_be_banned()
    {
        const string unseen = "AAAAAAAAAAAAAAAAAAAAAA";
        foreach (var refused in new[] { bob.BanAsync(place, unseen), bob.LiftAsync(place, unseen), bob.GetAsync($"{place}/bans"), bob.BanAsync(place, bobsId) })
        {
            await refused.AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
        }

        foreach (var self in new[] { alice, mod }) await self.BanAsync(place, await self.IdAsync()).AssertProblemAsync(HttpStatusCode.Conflict, "ban-of-self");
        foreach (var call in new[] { mod.BanAsync(place, "nobody"), mod.LiftAsync(place, "nobody"), mod.BanAsync("", "nobody"), mod.LiftAsync("", "nobody") })
        {
            await call.AssertProblemAsync(HttpStatusCode.NotFound, "user-not-found");
        }

        await alice.BanAsync("chats/never-made", unseen).AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
        await alice.BanAsync(place, unseen).AssertDoneAsync();
        Assert.Equal(unseen, Assert.Single(await mod.BansAsync(place)).Text("userId"));
    }

    [Theory]
    [InlineData("""{"reason":""}""", "reason")]
    [InlineData("""{"reason":"\u0007"}""", "reason")]
    [InlineData("""{"until":"2001-01-01T00:00:00Z"}""", "until")]
    [InlineData("""{"until":"soon","reason":"x"}""", "until")]
    [InlineData("""{"until":"2001-01-01T00:00:00Z","reason":"LONG"}""", "reason,until")]
    public async Task Terms_that_are_wrong_are_a_400_that_names_the_fields_and_ban_nobody(string body, string fields)
    {
        foreach (var (client, path) in new[] { (alice, $"{place}/bans/{bobsId}"), (mod, $"bans/{bobsId}") })
        {
            using var content = new StringContent(
                body.Replace("LONG", new string('x', 201), StringComparison.Ordinal), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            var problem = await (await client.PutAsync(path, content)).ProblemAsync(HttpStatusCode.BadRequest);
            Assert.Equal(fields.Split(','), problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        }

        await bob.SayAsync(room, "x");
    }

    [Fact]
    public async Task A_ban_that_has_ended_by_the_apps_clock_binds_no_more_is_not_shown_and_is_nobodys()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await cloud.StartAppAsync([], time);
        var (owner, banned) = (cloud.Client(app.Address), cloud.Client(app.Address));
        (owner.DefaultRequestHeaders.Authorization, banned.DefaultRequestHeaders.Authorization) =
            (alice.DefaultRequestHeaders.Authorization, bob.DefaultRequestHeaders.Authorization);
        var until = time.GetUtcNow().AddMinutes(10);
        await cloud.Moderator(ChatApi.Unique("mod"), app).BanAsync(place, bobsId, until: until).AssertDoneAsync();
        var privateRoom = await owner.PrivateRoomAsync("private");
        await owner.BanAsync($"chats/{privateRoom}", bobsId, until: until).AssertDoneAsync();
        var code = await owner.InviteAsync(privateRoom);
        time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        await banned.PostMessageAsync(room, "x").AssertProblemAsync(HttpStatusCode.Forbidden, "banned");
        await banned.AcceptAsync(code).AssertProblemAsync(HttpStatusCode.NotFound, "invitation-not-found");
        Assert.Single(await owner.BansAsync(place));
        await owner.BanAsync(place, bobsId, until: time.GetUtcNow()).AssertProblemAsync(HttpStatusCode.BadRequest, "invalid");

        time.Advance(TimeSpan.FromMilliseconds(1));
        await banned.SayAsync(room, "x");
        Assert.Equal(HttpStatusCode.OK, (await banned.AcceptAsync(code)).StatusCode);
        Assert.Empty(await owner.BansAsync(place));
        await owner.BanAsync(place, bobsId).AssertDoneAsync();
        Assert.Equal("owner", Assert.Single(await owner.BansAsync(place)).Text("by"));
    }

    [Fact]
    public async Task A_room_that_is_made_under_the_name_of_a_deleted_one_has_none_of_its_bans_and_they_are_gone()
    {
        await alice.BanAsync(place, bobsId).AssertDoneAsync();
        var partition = await PartitionAsync(isPrivate: false);
        Assert.NotEmpty(await rooms.QueryAsync<TableEntity>($"PartitionKey eq '{partition}'").ToListAsync());
        await alice.DeleteAsync(place).AssertDoneAsync();
        Assert.Empty(await rooms.QueryAsync<TableEntity>($"PartitionKey eq '{partition}'").ToListAsync());
        await alice.RoomAsync(name);
        await bob.SayAsync(room, "x");
        Assert.Empty(await alice.BansAsync(place));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_room_has_a_thousand_bans_at_most_and_shows_them_by_pages_and_those_that_have_ended_go(bool isPrivate)
    {
        if (isPrivate) (room, place) = (await alice.PrivateRoomAsync("full"), "");
        place = $"chats/{room}";
        var partition = await PartitionAsync(isPrivate);
        var ids = Enumerable.Range(0, 1000).Select(number => $"{number:000000000000000000000}A").ToList();
        var ended = ids.Select(id => "Z" + id[1..]).Take(3);
        var rows = ids.Select(id => Row(id, null)).Concat(ended.Select(id => Row(id, DateTimeOffset.UtcNow.AddDays(-1))));
        foreach (var batch in rows.Chunk(100)) await rooms.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));

        await alice.BanAsync(place, bobsId).AssertProblemAsync(HttpStatusCode.Conflict, "too-many-bans");
        await alice.BanAsync(place, ids[500], "again").AssertDoneAsync();
        await alice.LiftAsync(place, ids[0]).AssertDoneAsync();
        await alice.BanAsync(place, bobsId).AssertDoneAsync();
        Assert.Equal(1000, await rooms.QueryAsync<TableEntity>($"PartitionKey eq '{partition}' and RowKey ge 'ban-' and RowKey lt 'ban.'").CountAsync());

        var shown = new List<string>();
        for (var next = $"{place}/bans?limit=100"; next is not null;)
        {
            var page = await alice.GetAsync(next);
            shown.AddRange((await page.JsonAsync()).EnumerateArray().Select(ban => ban.Text("userId")));
            next = page.NextPage();
        }

        Assert.Equal(ids.Skip(1).Append(bobsId).Order(StringComparer.Ordinal), shown);

        TableEntity Row(string id, DateTimeOffset? until) => new(partition, $"ban-{id}")
        {
            ["BannedAt"] = DateTimeOffset.UtcNow, ["IsByModerator"] = false, ["Name"] = "", ["Until"] = until,
        };
    }

    [Fact]
    public async Task Many_who_ban_at_once_all_do()
    {
        var ids = Enumerable.Range(0, 6).Select(number => $"{number:000000000000000000000}A").ToList();
        await Task.WhenAll(ids.Select((id, number) => (number % 2 == 0 ? alice : mod).BanAsync(place, id).AssertDoneAsync()));
        Assert.Equal(ids, (await alice.BansAsync(place)).Select(ban => ban.Text("userId")));
    }

    private async Task<string> PartitionAsync(bool isPrivate) =>
        isPrivate ? room : $"bans-{(await (await alice.GetAsync($"chats/{room}")).JsonAsync()).Text("topicName").Split('/')[1]}";
}
