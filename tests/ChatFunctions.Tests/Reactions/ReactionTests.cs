using System.Net;
using System.Net.Http.Json;
using Azure.Data.Tables;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Rooms;

namespace ChatFunctions.Tests.Reactions;

public sealed class ReactionTests(TestCloud cloud) : IAsyncLifetime
{
    private const string Heart = "2764-FE0F";
    private const string Thumb = "1F44D";

    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private readonly HttpClient bob = cloud.Client(ChatApi.Unique("bob"));
    private string room = "";
    private string id = "";

    public async ValueTask InitializeAsync()
    {
        room = await alice.PrivateRoomAsync("reactions");
        await alice.LetInAsync(room, bob);
        id = (await alice.SayAsync(room, "m1")).Text("id");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_is_answered_is_on_every_page_and_answer_with_ones_own_once_a_person_and_emoji_and_the_most_first()
    {
        await alice.SayAsync(room, "m2");
        var third = (await alice.SayAsync(room, "m3")).Text("id");
        await bob.ReactAsync(room, third, Thumb).AssertDoneAsync();
        foreach (var (person, emoji) in new[] { (alice, "2764"), (alice, Heart), (bob, Heart), (alice, "0031-FE0F-20E3") }) await person.ReactAsync(room, third, emoji).AssertDoneAsync();
        await alice.ReactAsync(room, id, Thumb).AssertDoneAsync();

        const string ofThird = "❤️2* 👍1 1️⃣1*";
        Assert.Equal([ofThird, null, "👍1*"], await alice.PageReactionsAsync(room));
        Assert.Equal(["❤️2* 👍1* 1️⃣1", null, "👍1"], await bob.PageReactionsAsync(room));
        Assert.Equal([null, "👍1*"], await alice.PageReactionsAsync(room, "?before=3"));
        Assert.Equal([ofThird, null], await alice.PageReactionsAsync(room, "?around=3&limit=2"));
        Assert.Equal([null, ofThird], await alice.PageReactionsAsync(room, "?after=1"));
        Assert.Equal(ofThird, await alice.ReactionsAsync(room, third));
        Assert.Equal(ofThird, (await (await alice.EditAsync(room, third, "edited")).JsonAsync()).Reactions());
        // They move no position, and an old message that was changed has them beside the new ones.
        Assert.Equal(4, (await alice.PageAsync(room)).Number("seq"));
        await alice.EditAsync(room, id, "edited, too");
        Assert.Equal([ofThird, "👍1*"], await alice.PageReactionsAsync(room, "?after=3"));
    }

    [Fact]
    public async Task One_takes_back_ones_own_alone_as_often_as_one_likes_and_the_version_goes_on()
    {
        foreach (var person in new[] { alice, bob }) await person.ReactAsync(room, id, Heart).AssertDoneAsync();
        foreach (var time in new[] { 1, 2 }) await alice.UnreactAsync(room, id, "2764").AssertDoneAsync();
        Assert.Equal("❤️1", await alice.ReactionsAsync(room, id));
        await bob.UnreactAsync(room, id, Heart).AssertDoneAsync();
        var none = (await alice.PageAsync(room)).Messages().Single().GetProperty("reactions");
        Assert.Equal(("", 4), (none.Reactions(), none.Number("version")));
        await bob.ReactAsync(room, id, Heart).AssertDoneAsync();
        Assert.Equal(5, (await alice.PageAsync(room)).Messages().Single().GetProperty("reactions").Number("version"));

        var untouched = (await alice.SayAsync(room, "m2")).Text("id");
        await alice.UnreactAsync(room, untouched, Heart).AssertDoneAsync();
        Assert.Null(await alice.ReactionsAsync(room, untouched));
    }

    [Fact]
    public async Task What_is_no_emoji_is_a_400_that_names_it_and_a_message_that_is_not_there_or_of_another_room_is_a_404()
    {
        foreach (var wrong in new[] { "heart", "0041", "%E2%9D%A4", "2764-2764" })
        {
            var problem = await (await alice.ReactAsync(room, id, wrong)).ProblemAsync(HttpStatusCode.BadRequest);
            Assert.Contains("2764-FE0F", problem.GetProperty("errors").GetProperty("codePoints")[0].GetString(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.BadRequest, (await alice.UnreactAsync(room, id, wrong)).StatusCode);
        }

        var other = (await alice.SayAsync(await alice.PrivateRoomAsync("other"), "m1")).Text("id");
        foreach (var none in new[] { other, "2-AAAAAAAA", "x" })
        {
            await alice.ReactAsync(room, none, Heart).AssertProblemAsync(HttpStatusCode.NotFound, "message-not-found");
            await alice.UnreactAsync(room, none, Heart).AssertProblemAsync(HttpStatusCode.NotFound, "message-not-found");
        }

        Assert.Null(await alice.ReactionsAsync(room, id));
    }

    [Fact]
    public async Task A_message_has_twenty_kinds_and_the_next_is_a_409_until_one_is_taken_back_also_of_many_at_once()
    {
        var kinds = Enumerable.Range(0x1F600, 26).Select(rune => $"{rune:X}").ToList();
        var answers = await Task.WhenAll(kinds.Select(kind => alice.ReactAsync(room, id, kind)));
        var kept = kinds.Zip(answers).Where(each => each.Second.StatusCode == HttpStatusCode.NoContent).Select(each => each.First).ToList();
        Assert.Equal(20, kept.Count);
        foreach (var (kind, answer) in kinds.Zip(answers).Where(each => !kept.Contains(each.First)))
        {
            Assert.Equal("too-many-reactions", (await answer.ProblemAsync(HttpStatusCode.Conflict)).ProblemType());
        }

        Assert.Equal(20, (await alice.ReactionsAsync(room, id))!.Split(' ').Length);
        await bob.ReactAsync(room, id, kept[0]).AssertDoneAsync();
        await bob.ReactAsync(room, id, Heart).AssertProblemAsync(HttpStatusCode.Conflict, "too-many-reactions");
        await alice.UnreactAsync(room, id, kept[1]).AssertDoneAsync();
        await bob.ReactAsync(room, id, Heart).AssertDoneAsync();
        Assert.Equal(41 + 2, await RowsAsync("reac"));
    }

    [Fact]
    public async Task A_message_that_is_deleted_loses_them_and_gets_no_others()
    {
        var many = await Task.WhenAll(Enumerable.Range(0, 3).Select(number => alice.SayAsync(room, $"n{number}")));
        foreach (var emoji in new[] { Heart, Thumb }) await bob.ReactAsync(room, id, emoji).AssertDoneAsync();
        await bob.ReactAsync(room, many[0].Text("id"), Heart).AssertDoneAsync();
        Assert.Equal(8, await RowsAsync("reac"));
        await alice.DeleteAsync($"chats/{room}/messages/{id}").AssertDoneAsync();

        Assert.Equal(2, await RowsAsync("reaction-") + await RowsAsync("reacted-"));
        Assert.Equal(1, (await bob.PageReactionsAsync(room)).Count(shown => shown is not null));
        Assert.Null(await bob.ReactionsAsync(room, id));
        await bob.ReactAsync(room, id, Heart).AssertProblemAsync(HttpStatusCode.NotFound, "message-not-found");
        await bob.UnreactAsync(room, id, Heart).AssertDoneAsync();
        Assert.Equal(2, await RowsAsync("reaction-") + await RowsAsync("reacted-"));

        // With the room go all.
        await alice.DeleteAsync($"chats/{room}").AssertDoneAsync();
        Assert.Equal(0, await RowsAsync("reac"));
    }

    [Fact]
    public async Task Who_is_banned_from_writing_reacts_no_more_and_may_take_back_and_slow_mode_binds_nobody()
    {
        var open = (await alice.RoomAsync(ChatApi.Unique("public"))).Text("chatId");
        var said = (await bob.SayAsync(open, "m1")).Text("id");
        await alice.SlowDownAsync(open, 600);
        foreach (var emoji in new[] { Heart, Thumb }) await bob.ReactAsync(open, said, emoji).AssertDoneAsync();
        await alice.BanAsync($"chats/{open}", await bob.IdAsync(), "Enough.").AssertDoneAsync();
        var problem = await (await bob.ReactAsync(open, said, "1F600")).ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal(("banned", "Enough."), (problem.ProblemType(), problem.Text("reason")));
        await bob.UnreactAsync(open, said, Thumb).AssertDoneAsync();
        Assert.Equal("❤️1", await alice.ReactionsAsync(open, said));
    }

    [Fact]
    public async Task Who_was_removed_does_not_react_and_what_they_did_stays()
    {
        await bob.ReactAsync(room, id, Heart).AssertDoneAsync();
        await alice.RemoveAsync(room, await bob.IdAsync());
        await bob.ReactAsync(room, id, Thumb).AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
        await bob.UnreactAsync(room, id, Heart).AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
        Assert.Equal("❤️1", await alice.ReactionsAsync(room, id));
    }

    [Fact]
    public async Task A_page_is_not_modified_until_anybody_reacts_and_is_nobody_elses()
    {
        var before = await TagAsync(alice, null);
        Assert.Equal(before, await TagAsync(bob, before, HttpStatusCode.NotModified));
        await bob.ReactAsync(room, id, Heart).AssertDoneAsync();
        var after = await TagAsync(alice, before);
        await TagAsync(alice, after, HttpStatusCode.NotModified);
        await TagAsync(bob, after);
        await bob.UnreactAsync(room, id, Heart).AssertDoneAsync();
        await TagAsync(alice, after);

        async Task<string> TagAsync(HttpClient person, string? known, HttpStatusCode expected = HttpStatusCode.OK)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"chats/{room}/messages");
            if (known is not null) request.Headers.TryAddWithoutValidation("If-None-Match", known);
            var answer = await person.SendAsync(request);
            Assert.Equal(expected, answer.StatusCode);
            return $"{answer.Headers.ETag}";
        }
    }

    private async Task<int> RowsAsync(string prefix) => await new TableClient(cloud.Local.Storage.ConnectionString, "messages")
        .QueryAsync<TableEntity>($"PartitionKey eq '{room}'").CountAsync(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal));
}
