using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Messages;

/// <summary>Bodies, ids and numbers that no honest client sends: each is told what is wrong, and nothing is kept or shown.</summary>
public sealed class WrongInputTests(TestCloud cloud)
{
    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));

    [Fact]
    public async Task A_body_of_another_shape_is_a_400_for_a_message_and_for_an_edit_and_changes_nothing()
    {
        var room = await alice.PrivateRoomAsync("shapes");
        var said = await alice.SayAsync(room, "as it was");
        var path = $"chats/{room}/messages";
        string[] ofBoth =
        [
            "", "null", "1", "\"text\"", "[]", "{", """{"text":"x"}}""", """{"text":null}""", """{"text":{}}""", """{"text":["x"]}""",
            """{"text":"\udc00\ud800"}""", """{"text":"a\u0000"}""", """{"text":"\ufffe"}""", """{"text":"\u0007"}""", """{"text":"LONG"}""",
        ];
        string[] ofSend =
        [
            """{"text":"x"}""", """{"text":"x","clientId":null}""", """{"text":"x","clientId":7}""",
            """{"text":"x","clientId":"00000000000000000000000000000000"}""",
            """{"text":"x","clientId":"ID","replyTo":1}""", """{"text":"x","clientId":"ID","replyTo":"\u0000"}""",
            """{"text":"x","clientId":"ID","metadata":"x"}""", """{"text":"x","clientId":"ID","metadata":{"a":["x"]}}""",
        ];
        foreach (var (method, target, body) in ofBoth.Concat(ofSend).Select(body => (HttpMethod.Post, path, body))
            .Concat(ofBoth.Select(body => (HttpMethod.Patch, $"{path}/{said.Text("id")}", body))))
        {
            var answer = await SendAsync(method, target, body);
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{method} {body}: {answer.StatusCode}");
        }

        using var xml = new StringContent("<text>x</text>", new MediaTypeHeaderValue("application/xml"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await alice.PostAsync(path, xml)).StatusCode);
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge, (await alice.EditAsync(room, said.Text("id"), new string('x', 1_000_000))).StatusCode);
        var page = await alice.PageAsync(room);
        Assert.Equal(["as it was"], page.Texts());
        Assert.Equal(1, page.Number("seq"));

        async Task<HttpResponseMessage> SendAsync(HttpMethod method, string target, string body)
        {
            var json = body.Replace("ID", $"{Guid.NewGuid()}", StringComparison.Ordinal)
                .Replace("LONG", new string('x', 2001), StringComparison.Ordinal);
            using var request = new HttpRequestMessage(method, target)
            {
                Content = new StringContent(json, new MediaTypeHeaderValue("application/json")),
            };
            return await alice.SendAsync(request);
        }
    }

    [Fact]
    public async Task An_id_of_another_room_of_no_message_or_of_one_to_come_is_a_404()
    {
        var (room, other) = (await alice.PrivateRoomAsync("ids"), await alice.PrivateRoomAsync("other"));
        var here = (await alice.SayAsync(room, "here")).Text("id");
        var there = (await alice.SayAsync(other, "there")).Text("id");
        string[] ids =
        [
            there, "2-AAAAAAAA", "1-AAAAAAAA", $"01{here[1..]}", $"+{here}", $"{here}A", here[..^1], "1", "-", "1-", "0-AAAAAAAA", "-1-AAAAAAAA",
            "9223372036854775807-AAAAAAAA", "9223372036854775808-AAAAAAAA", "99999999999999999999-AAAAAAAA", "head", "1-AAAAAAA'",
            "%F0%9F%98%80", new string('1', 1000),
        ];
        foreach (var id in ids)
        {
            foreach (var call in new Func<Task<HttpResponseMessage>>[]
            {
                () => alice.GetAsync($"chats/{room}/messages/{id}"), () => alice.EditAsync(room, id, "x"),
                () => alice.DeleteAsync($"chats/{room}/messages/{id}"),
            })
            {
                var answer = await call();
                Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{id}: {answer.StatusCode}");
            }
        }

        Assert.Equal(["here"], (await alice.PageAsync(room)).Texts());
        Assert.Equal(["there"], (await alice.PageAsync(other)).Texts());
    }

    [Fact]
    public async Task Numbers_from_the_far_future_are_answered_as_what_they_are()
    {
        var room = await alice.PrivateRoomAsync("numbers");
        await alice.SayAsync(room, "only");
        foreach (var far in new[] { 2, long.MaxValue - 60, long.MaxValue - 1, long.MaxValue })
        {
            Assert.Equal(["only"], (await alice.PageAsync(room, $"?before={far}")).Texts());
            Assert.Empty((await alice.PageAsync(room, $"?around={far}&limit=1")).Texts());
            Assert.True((await alice.PageAsync(room, $"?after={far}")).GetProperty("reset").GetBoolean());
        }

        Assert.Equal(["only"], (await alice.PageAsync(room, "?around=2&limit=100")).Texts());
        Assert.Empty((await alice.PageAsync(room, $"?around={long.MaxValue}&limit=100")).Texts());
        Assert.Empty((await alice.PageAsync(room, $"?around={long.MaxValue - 10}&limit=100")).Texts());
        string[] wrongs = ["before=9223372036854775808", "after=1e3", "around=1.0", "before=%C2%B9", "after=0x1", "around=", "after=1&after=2"];
        foreach (var wrong in wrongs)
        {
            await (await alice.GetAsync($"chats/{room}/messages?{wrong}")).ProblemAsync(HttpStatusCode.BadRequest);
        }
    }
}
