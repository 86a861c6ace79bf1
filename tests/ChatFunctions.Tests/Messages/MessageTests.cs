using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Node;

namespace ChatFunctions.Tests.Messages;

public sealed class MessageTests(TestCloud cloud, NodeClient node)
{
    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private readonly HttpClient bob = cloud.Client(ChatApi.Unique("bob"));

    [Fact]
    public async Task What_alice_says_bob_hears_at_once_and_dave_reads_later_and_what_she_edits_and_takes_back_too()
    {
        var room = (await alice.RoomAsync(ChatApi.Unique("talk"))).Text("chatId");
        await using var heard = await ListenAsync(bob, room);

        var said = await alice.SayAsync(room, "helo");
        Assert.Equal(said.GetRawText(), (await NextAsync(heard)).GetProperty("message").GetRawText());
        var edited = await (await alice.EditAsync(room, said.Text("id"), "hello")).JsonAsync();
        Assert.Equal(2, edited.Number("version"));
        Assert.Equal(edited.GetRawText(), (await NextAsync(heard)).GetProperty("message").GetRawText());
        Assert.Equal(["hello"], (await cloud.Client("dave").PageAsync(room)).Texts());

        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{room}/messages/{said.Text("id")}")).StatusCode);
        var gone = await NextAsync(heard);
        Assert.Equal(3, gone.Number("seq"));
        Assert.False(gone.GetProperty("message").TryGetProperty("text", out _));
        var left = Assert.Single((await cloud.Client("dave").PageAsync(room)).Messages());
        Assert.Equal(gone.GetProperty("message").GetRawText(), left.GetRawText());
    }

    [Fact]
    public async Task A_message_has_its_sender_and_number_of_the_API_whatever_the_body_says()
    {
        var room = await alice.PrivateRoomAsync("said by");
        var clientId = Guid.NewGuid();
        var sent = await alice.PostAsJsonAsync($"chats/{room}/messages", new
        {
            text = "x", clientId, number = 99, seq = 99, id = "99-AAAAAAAA", sender = new { id = "AAAAAAAAAAAAAAAAAAAAAA" }, version = 7, sentAt = "2001-01-01",
        });
        var message = await sent.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(1, message.Number());
        Assert.Equal(1, message.Number("version"));
        Assert.StartsWith("Alice", message.GetProperty("sender").Text("name"), StringComparison.Ordinal);
        Assert.Equal($"{clientId}", message.Text("clientId"));
        Assert.InRange(message.GetProperty("sentAt").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        Assert.Equal($"/chats/{room}/messages/{message.Text("id")}", sent.Headers.Location?.OriginalString);
        Assert.Equal(message.GetRawText(), (await (await alice.GetAsync(sent.Headers.Location)).JsonAsync()).GetRawText());
    }

    [Fact]
    public async Task A_repeat_with_the_same_clientId_gets_the_message_that_is_there_whatever_it_brings_and_is_not_heard()
    {
        var room = await alice.PrivateRoomAsync("repeat");
        await alice.LetInAsync(room, bob);
        await using var heard = await ListenAsync(bob, room);
        var clientId = Guid.NewGuid();
        var first = await alice.SayAsync(room, "once", clientId);
        foreach (var text in new[] { "once", "something else" })
        {
            Assert.Equal(first.GetRawText(), (await (await alice.PostMessageAsync(room, text, clientId)).JsonAsync()).GetRawText());
        }

        // Another person's message with this clientId is another message.
        var other = await bob.SayAsync(room, "of bob", clientId);
        foreach (var seq in new[] { 1, 2 }) Assert.Equal(seq, (await NextAsync(heard)).Number("seq"));
        Assert.Equal(2, other.Number());
    }

    [Fact]
    public async Task Of_the_same_clientId_many_times_at_once_one_message_is_made()
    {
        var room = await alice.PrivateRoomAsync("at once");
        var clientId = Guid.NewGuid();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => alice.PostMessageAsync(room, "once", clientId)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(19, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(["once"], (await alice.PageAsync(room)).Texts());
    }

    [Fact]
    public async Task Who_is_not_in_a_private_room_can_neither_write_nor_read_and_is_told_as_of_none()
    {
        var room = await alice.PrivateRoomAsync("ours");
        var said = (await alice.SayAsync(room, "ours")).Text("id");
        foreach (var chatId in new[] { room, "PAAAAAAAAAAAAAAAAAAAAAA", "never-made" })
        {
            foreach (var call in new Func<Task<HttpResponseMessage>>[]
            {
                () => bob.PostMessageAsync(chatId, "x"), () => bob.GetAsync($"chats/{chatId}/messages"), () => bob.GetAsync($"chats/{chatId}/messages/{said}"),
                () => bob.EditAsync(chatId, said, "x"), () => bob.DeleteAsync($"chats/{chatId}/messages/{said}"),
            })
            {
                Assert.Equal("room-not-found", (await (await call()).ProblemAsync(HttpStatusCode.NotFound)).ProblemType());
            }
        }
    }

    [Fact]
    public async Task Only_its_author_edits_a_message_and_the_rooms_owner_may_delete_it_too()
    {
        var room = await alice.PrivateRoomAsync("authors");
        await alice.LetInAsync(room, bob);
        var (ofAlice, ofBob) = ((await alice.SayAsync(room, "a")).Text("id"), (await bob.SayAsync(room, "b")).Text("id"));
        foreach (var refused in new[] { await alice.EditAsync(room, ofBob, "x"), await bob.EditAsync(room, ofAlice, "x"), await bob.DeleteAsync($"chats/{room}/messages/{ofAlice}") })
        {
            Assert.Equal("not-author", (await refused.ProblemAsync(HttpStatusCode.Forbidden)).ProblemType());
        }

        Assert.Equal(["b", "a"], (await alice.PageAsync(room)).Texts());
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{room}/messages/{ofBob}")).StatusCode);
        }

        Assert.Equal("message-not-found", (await (await bob.EditAsync(room, ofBob, "again")).ProblemAsync(HttpStatusCode.NotFound)).ProblemType());
        Assert.Equal(3, (await alice.PageAsync(room)).Number("seq"));
    }

    [Fact]
    public async Task An_edit_for_a_version_that_is_not_the_newest_is_a_412_and_without_a_version_the_last_wins()
    {
        var room = await alice.PrivateRoomAsync("versions");
        var id = (await alice.SayAsync(room, "1")).Text("id");
        var answer = await alice.GetAsync($"chats/{room}/messages/{id}");
        var etag = answer.Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.OK, (await EditIfAsync(etag, "2")).StatusCode);
        Assert.Equal("version-mismatch", (await (await EditIfAsync(etag, "3")).ProblemAsync(HttpStatusCode.PreconditionFailed)).ProblemType());
        await (await EditIfAsync("nonsense", "3")).ProblemAsync(HttpStatusCode.BadRequest);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async number => Assert.Equal(HttpStatusCode.OK, (await alice.EditAsync(room, id, $"e{number}")).StatusCode)));
        var message = Assert.Single((await alice.PageAsync(room)).Messages());
        Assert.Equal(10, message.Number("version"));
        Assert.Equal(10, (await alice.PageAsync(room)).Number("seq"));

        async Task<HttpResponseMessage> EditIfAsync(string version, string text)
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, $"chats/{room}/messages/{id}") { Content = JsonContent.Create(new { text }) };
            request.Headers.TryAddWithoutValidation("If-Match", version);
            return await alice.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_reply_names_a_message_of_the_room_and_metadata_come_back_as_they_were()
    {
        var (room, other) = (await alice.PrivateRoomAsync("replies"), await alice.PrivateRoomAsync("other"));
        var (here, there) = ((await alice.SayAsync(room, "?")).Text("id"), (await alice.SayAsync(other, "?")).Text("id"));
        var reply = await (await SendAsync(new { text = "!", clientId = Guid.NewGuid(), replyTo = here, metadata = new { kind = "answer", n = 1.5, yes = true } }))
            .JsonAsync(HttpStatusCode.Created);
        Assert.Equal(here, reply.Text("replyTo"));
        Assert.Equal("""{"kind":"answer","n":1.5,"yes":true}""", reply.GetProperty("metadata").GetRawText());
        foreach (var wrong in new[] { there, "99-AAAAAAAA", "1-AAAAAAAA", "nonsense", "" })
        {
            var problem = await (await SendAsync(new { text = "!", clientId = Guid.NewGuid(), replyTo = wrong })).ProblemAsync(HttpStatusCode.BadRequest);
            Assert.True(problem.GetProperty("errors").TryGetProperty("replyTo", out _));
        }

        Task<HttpResponseMessage> SendAsync(object body) => alice.PostAsJsonAsync($"chats/{room}/messages", body);
    }

    [Theory]
    [InlineData("""{}""", "text,clientId")]
    [InlineData("""{"text":"","clientId":"ID"}""", "text")]
    [InlineData("""{"text":" \n\t ","clientId":"ID"}""", "text")]
    [InlineData("""{"text":"\u200b","clientId":"ID"}""", "text")]
    [InlineData("""{"text":"a\u0000b","clientId":"ID"}""", "text")]
    [InlineData("""{"text":"a\u001bb","clientId":"ID"}""", "text")]
    [InlineData("""{"text":"x","clientId":"1"}""", "clientId")]
    [InlineData("""{"text":"x","clientId":"ID","metadata":[1]}""", "metadata")]
    [InlineData("""{"text":"x","clientId":"ID","metadata":{"a":{"b":1}}}""", "metadata")]
    [InlineData("""{"text":"x","clientId":"ID","metadata":{"a":null}}""", "metadata")]
    [InlineData("""{"text":"x","clientId":"ID","metadata":{"a":"LONG"}}""", "metadata")]
    [InlineData("""{"text":1,"clientId":"ID"}""", "text")]
    public async Task A_body_that_is_wrong_is_a_400_that_names_the_fields_and_keeps_nothing(string body, string fields)
    {
        var room = await alice.PrivateRoomAsync("wrong");
        var json = body.Replace("ID", $"{Guid.NewGuid()}", StringComparison.Ordinal).Replace("LONG", new string('x', 510), StringComparison.Ordinal);
        using var content = new StringContent(json, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        var problem = await (await alice.PostAsync($"chats/{room}/messages", content)).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(fields.Split(','), problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.Empty((await alice.PageAsync(room)).Messages());
    }

    [Theory]
    [InlineData("""{"text":"\ud800","clientId":"ID"}""", 400)]
    [InlineData("""{"text":"x","clientId":"ID","metadata":{"a":"\ud800"}}""", 400)]
    [InlineData("""{"text":"x","clientId":"ID","metadata":{"a":1,"a":2}}""", 400)]
    [InlineData("""[]""", 400)]
    public async Task A_body_that_is_no_Unicode_or_no_object_is_a_400(string body, int status)
    {
        var room = await alice.PrivateRoomAsync("wrong");
        using var content = new StringContent(
            body.Replace("ID", $"{Guid.NewGuid()}", StringComparison.Ordinal), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        await (await alice.PostAsync($"chats/{room}/messages", content)).ProblemAsync((HttpStatusCode)status);
        Assert.Empty((await alice.PageAsync(room)).Messages());
    }

    [Fact]
    public async Task A_text_has_at_most_2000_code_points_and_the_longest_is_kept_and_told_as_one_to_fetch()
    {
        var room = await alice.PrivateRoomAsync("long");
        await using var heard = await ListenAsync(alice, room);
        var longest = string.Concat(Enumerable.Repeat("😀", 2000));
        var said = await alice.SayAsync(room, longest);
        var heardOf = await NextAsync(heard);
        Assert.True(heardOf.GetProperty("fetch").GetBoolean());
        Assert.Equal(said.Text("id"), heardOf.Text("id"));
        Assert.Equal(longest, Assert.Single((await alice.PageAsync(room)).Texts()));

        await (await alice.PostMessageAsync(room, longest + "!")).ProblemAsync(HttpStatusCode.BadRequest);
        await (await alice.PostMessageAsync(room, new string('x', 1_000_000))).ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.Single((await alice.PageAsync(room)).Messages());
    }

    [Fact]
    public async Task A_text_keeps_its_lines_and_is_in_NFC()
    {
        var room = await alice.PrivateRoomAsync("text");
        Assert.Equal("a\n\tb é", (await alice.SayAsync(room, "a\n\tb e\u0301")).Text("text"));
    }

    [Fact]
    public async Task After_a_removal_the_old_topic_tells_that_the_room_has_moved_and_nothing_that_is_said_then()
    {
        var room = await alice.PrivateRoomAsync("moved");
        await alice.LetInAsync(room, bob);
        var bobsId = (await bob.SayAsync(room, "here")).GetProperty("sender").Text("id");
        await using var old = await ListenAsync(bob, room);
        var before = (await bob.PageAsync(room)).Text("eventsTopicName");

        await alice.RemoveAsync(room, bobsId);
        await alice.SayAsync(room, "without bob");
        Assert.Equal("moved", (await NextAsync(old)).Text("type"));
        await using var now = await ListenAsync(alice, room);
        await alice.SayAsync(room, "still without");
        Assert.Equal("still without", (await NextAsync(now)).GetProperty("message").Text("text"));

        // Whatever is published on the old topic from now on comes after anything that could have been before.
        var topics = await node.ConnectAsync(cloud.Local.Momento.CreateApiKeyV1(), cloud.Local.Momento.Address);
        await topics.PublishAsync(LocalCloud.CacheName, before, """{"v":1,"type":"sync","seq":99,"spread":1}""");
        Assert.Equal(99, (await NextAsync(old)).Number("seq"));
    }

    /// <summary>By a shared token, which only listens.</summary>
    private async Task<NodeSubscription> ListenAsync(HttpClient user, string room)
    {
        var topic = (await (await user.GetAsync($"chats/{room}")).JsonAsync()).Text("eventsTopicName");
        var token = (await (await user.GetAsync($"token?access=subscribe&chatId={room}")).JsonAsync()).Text("token");
        return await (await node.ConnectAsync(token, cloud.Local.Momento.Address)).SubscribeAsync(LocalCloud.CacheName, topic);
    }

    private static async Task<JsonElement> NextAsync(NodeSubscription heard)
    {
        var next = await heard.NextAsync();
        Assert.True(string.IsNullOrEmpty(next.PublisherId), "The API publishes with its key, which has no id.");
        await OpenApiDocument.Current.CheckEventAsync(next.Text!);
        return JsonElement.Parse(next.Text!);
    }
}
