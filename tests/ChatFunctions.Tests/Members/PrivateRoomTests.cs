using System.Net;
using System.Text.RegularExpressions;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Members;

public sealed partial class PrivateRoomTests(TestCloud cloud)
{
    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private readonly HttpClient bob = cloud.Client(ChatApi.Unique("bob"));
    private readonly HttpClient carol = cloud.Client(ChatApi.Unique("carol"));

    [Fact]
    public async Task A_private_room_has_an_id_and_a_topic_that_nobody_guesses()
    {
        var room = await (await alice.CreatePrivateRoomAsync("Plans")).JsonAsync(HttpStatusCode.Created);
        Assert.Matches("^P[-_0-9A-Za-z]{22}$", room.Text("chatId"));
        Assert.Equal("private", room.Text("visibility"));
        Assert.StartsWith("private/", room.Text("topicName"), StringComparison.Ordinal);
        var again = await (await alice.CreatePrivateRoomAsync("Plans")).JsonAsync(HttpStatusCode.Created);
        Assert.NotEqual(room.Text("chatId"), again.Text("chatId"));
        Assert.NotEqual(room.Text("topicName"), again.Text("topicName"));
    }

    [Fact]
    public async Task The_names_of_private_rooms_are_nobodys_namespace()
    {
        var name = ChatApi.Unique("secret plans");
        await alice.PrivateRoomAsync(name);
        await bob.PrivateRoomAsync(name);
        await carol.RoomAsync(name);
        await alice.PrivateRoomAsync(name);
    }

    [Fact]
    public async Task Who_accepts_an_invitation_is_in_and_a_stranger_sees_nothing_of_the_room()
    {
        var room = await alice.PrivateRoomAsync("ours");
        await alice.LetInAsync(room, bob);

        Assert.True(await bob.CanEnterAsync(room));
        Assert.Equal([room], await bob.ListPrivateAsync());
        var members = await (await bob.GetAsync($"chats/{room}/members")).JsonAsync();
        Assert.Equal(2, members.GetArrayLength());
        Assert.Single(members.EnumerateArray(), member => member.GetProperty("isOwner").GetBoolean() && member.Text("name").StartsWith("Alice", StringComparison.Ordinal));

        Assert.False(await carol.CanEnterAsync(room));
        Assert.Empty(await carol.ListPrivateAsync());
    }

    [Fact]
    public async Task A_room_tells_each_who_reads_it_what_they_may_do_there_and_a_list_does_not()
    {
        var (ours, all) = (await alice.PrivateRoomAsync("ours"), (await alice.RoomAsync(ChatApi.Unique("all"))).Text("chatId"));
        await alice.LetInAsync(ours, bob);
        foreach (var (reader, room, rights) in new[]
        {
            (alice, ours, "write invite moderate delete"), (bob, ours, "write invite"), (alice, all, "write moderate delete"), (bob, all, "write"),
        })
        {
            var can = (await (await reader.GetAsync($"chats/{room}")).JsonAsync()).GetProperty("can");
            Assert.Equal(rights, string.Join(' ', can.EnumerateObject().Where(right => right.Value.GetBoolean()).Select(right => right.Name)));
        }

        var listed = await (await alice.GetAsync("chats?limit=1")).JsonAsync();
        Assert.False(listed[0].TryGetProperty("can", out _));
    }

    [Theory]
    [InlineData("GET", "chats/{0}")]
    [InlineData("DELETE", "chats/{0}")]
    [InlineData("POST", "chats/{0}/invites")]
    [InlineData("GET", "chats/{0}/members")]
    [InlineData("DELETE", "chats/{0}/members/AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("GET", "token?chatId={0}")]
    [InlineData("GET", "token?access=subscribe&chatId={0}")]
    public async Task A_room_that_a_stranger_may_not_enter_answers_as_one_that_does_not_exist(string method, string path)
    {
        var real = await AnswerAsync(await alice.PrivateRoomAsync("hidden"));
        var unreal = await AnswerAsync("PAAAAAAAAAAAAAAAAAAAAAA");
        Assert.Equal(unreal, real);
        Assert.Contains("room-not-found", real, StringComparison.Ordinal);

        async Task<string> AnswerAsync(string chatId)
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), string.Format(null, path, chatId));
            var answer = await carol.SendAsync(request);
            var headers = string.Join('\n', answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(',', header.Value)}"));
            return $"{answer.StatusCode}\n{headers}\n{TraceId().Replace(await answer.Content.ReadAsStringAsync(), "")}";
        }
    }

    [Fact]
    public async Task Private_rooms_come_first_then_public_ones_each_exactly_once_however_the_pages_fall()
    {
        var prefix = ChatApi.Unique("both");
        var expected = new List<string>();
        for (var i = 0; i < 7; i++) expected.Add(await alice.PrivateRoomAsync($"{prefix} private {i}"));
        await alice.PrivateRoomAsync("another prefix");
        await bob.PrivateRoomAsync($"{prefix} of bob");
        expected.Sort(StringComparer.Ordinal);
        for (var i = 0; i < 5; i++) expected.Add((await bob.RoomAsync($"{prefix} public {i}")).Text("chatId"));

        foreach (var limit in new[] { 1, 3, 6, 7, 8, 12, 100 })
        {
            var walked = new List<string>();
            string? next = $"chats?limit={limit}&prefix={Uri.EscapeDataString(prefix)}";
            while (next is not null)
            {
                var answer = await alice.GetAsync(next);
                var page = (await answer.JsonAsync()).EnumerateArray().Select(room => room.Text("chatId")).ToList();
                walked.AddRange(page);
                next = answer.NextPage();
                Assert.Equal(next is null, walked.Count == expected.Count);
                Assert.True(page.Count == limit || next is null);
            }

            Assert.Equal(expected, walked);
        }
    }

    [Fact]
    public async Task A_private_room_that_stays_appears_exactly_once_while_others_come_and_go()
    {
        var steady = new List<string>();
        for (var i = 0; i < 9; i++) steady.Add(await alice.PrivateRoomAsync($"steady {i}"));
        var walked = new List<string>();
        string? next = "chats?limit=2";
        while (next is not null && walked.Count < 200)
        {
            var passing = await alice.PrivateRoomAsync("passing");
            var answer = await alice.GetAsync(next);
            walked.AddRange((await answer.JsonAsync()).EnumerateArray().Select(room => room.Text("chatId")));
            next = walked[^1].StartsWith('P') ? answer.NextPage() : null;
            Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{passing}")).StatusCode);
        }

        Assert.Equal(steady.Order(StringComparer.Ordinal), walked.Where(steady.Contains));
    }

    [Fact]
    public async Task Members_are_listed_page_by_page()
    {
        var room = await alice.PrivateRoomAsync("many");
        var code = await alice.InviteAsync(room);
        for (var i = 0; i < 6; i++) await cloud.Client(ChatApi.Unique($"guest {i}")).AcceptAsync(code);
        var ids = new List<string>();
        string? next = $"chats/{room}/members?limit=3";
        while (next is not null)
        {
            var answer = await alice.GetAsync(next);
            ids.AddRange((await answer.JsonAsync()).EnumerateArray().Select(member => member.Text("id")));
            next = answer.NextPage();
        }

        Assert.Equal(7, ids.Count);
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        await (await alice.GetAsync($"chats/{room}/members?limit=0&cursor=x")).ProblemAsync(HttpStatusCode.BadRequest);
        await (await alice.GetAsync($"chats/{room}/members?cursor=AAAAAAAAAAAAAAAAAAAA%20%0A")).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_owner_cannot_leave_but_deletes_the_room_and_nobody_else_can()
    {
        var room = await alice.PrivateRoomAsync("mine");
        await alice.LetInAsync(room, bob);
        var owner = (await (await alice.GetAsync($"chats/{room}")).JsonAsync()).GetProperty("createdBy").Text("id");
        Assert.Equal("owner-cannot-leave", (await (await alice.RemoveAsync(room, owner)).ProblemAsync(HttpStatusCode.Conflict)).ProblemType());
        Assert.Equal("not-owner", (await (await bob.DeleteAsync($"chats/{room}")).ProblemAsync(HttpStatusCode.Forbidden)).ProblemType());
        Assert.Equal("not-owner", (await (await bob.RemoveAsync(room, owner)).ProblemAsync(HttpStatusCode.Forbidden)).ProblemType());
        Assert.Equal(HttpStatusCode.NoContent, (await alice.RemoveAsync(room, "AAAAAAAAAAAAAAAAAAAAAA")).StatusCode);
        Assert.Equal("member-not-found", (await (await alice.RemoveAsync(room, "no-id")).ProblemAsync(HttpStatusCode.NotFound)).ProblemType());

        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{room}")).StatusCode);
        Assert.False(await alice.CanEnterAsync(room));
        Assert.False(await bob.CanEnterAsync(room));
        Assert.Empty(await bob.ListPrivateAsync());
        await (await alice.DeleteAsync($"chats/{room}")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "members")]
    [InlineData("POST", "invites")]
    [InlineData("DELETE", "members/AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_public_room_has_neither_members_nor_invitations(string method, string path)
    {
        var room = (await alice.RoomAsync(ChatApi.Unique("open"))).Text("chatId");
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), $"chats/{room}/{path}");
        Assert.Equal("public-room", (await (await alice.SendAsync(request)).ProblemAsync(HttpStatusCode.Conflict)).ProblemType());
    }

    [GeneratedRegex("\"traceId\":\"[^\"]*\"")]
    private static partial Regex TraceId();
}
