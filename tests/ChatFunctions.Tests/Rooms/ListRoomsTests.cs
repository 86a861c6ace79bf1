using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ChatFunctions.Tests.Cloud;
using Microsoft.AspNetCore.WebUtilities;

namespace ChatFunctions.Tests.Rooms;

public sealed partial class ListRoomsTests(TestCloud cloud)
{
    private readonly HttpClient alice = cloud.Client("alice");

    [Fact]
    public async Task Rooms_are_listed_by_name_page_by_page_each_exactly_once()
    {
        var prefix = ChatApi.Unique("walk");
        string[] names = ["10", "9", "a", "B", "b-1", "b 1", "c/d", "ß", "é", "z", "~", "日", "😀"];
        foreach (var name in names) await alice.RoomAsync($"{prefix}{name}");

        foreach (var limit in new[] { 1, 2, 5, 12, 13, 100 })
        {
            var pages = await WalkAsync($"chats?limit={limit}&prefix={Uri.EscapeDataString(prefix)}");
            Assert.Equal(Enumerable.Repeat(limit, names.Length / limit), pages.Select(page => page.Count).Where(count => count == limit));
            var walked = pages.SelectMany(page => page).Select(name => name[prefix.Length..]);
            Assert.Equal(["10", "9", "a", "B", "b 1", "b-1", "c/d", "ß", "z", "~", "é", "日", "😀"], walked);
        }
    }

    [Fact]
    public async Task A_prefix_matches_in_any_case_and_nothing_else()
    {
        var mark = ChatApi.Unique("Prefix");
        await alice.RoomAsync($"{mark}#One");
        await alice.RoomAsync($"{mark}#two");
        await alice.RoomAsync($"{mark}!");
        Assert.Equal([$"{mark}#One", $"{mark}#two"], Assert.Single(await WalkAsync($"chats?prefix={Uri.EscapeDataString(mark.ToUpperInvariant() + "#")}")));
        Assert.Empty(Assert.Single(await WalkAsync($"chats?prefix={Uri.EscapeDataString(mark + "#x")}")));
    }

    [Fact]
    public async Task A_room_that_exists_throughout_a_walk_appears_exactly_once_while_others_come_and_go()
    {
        var prefix = ChatApi.Unique("busy");
        var steady = new List<string>();
        for (var i = 0; i < 12; i++) steady.Add((await alice.RoomAsync($"{prefix} {i:00} steady")).Text("chatName"));

        var walked = new List<string>();
        var next = $"chats?limit=3&prefix={Uri.EscapeDataString(prefix)}";
        for (var page = 0; next is not null; page++)
        {
            var passing = await alice.RoomAsync($"{prefix} {page:00} passing");
            var (names, link) = await PageAsync(next);
            walked.AddRange(names);
            next = link;
            Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{passing.Text("chatId")}")).StatusCode);
        }

        Assert.Equal(steady, walked.Where(name => name.EndsWith("steady", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_walk_goes_on_when_the_room_that_it_stopped_at_is_deleted()
    {
        var prefix = ChatApi.Unique("gap");
        var first = await alice.RoomAsync($"{prefix} 1");
        await alice.RoomAsync($"{prefix} 2");
        var (_, next) = await PageAsync($"chats?limit=1&prefix={Uri.EscapeDataString(prefix)}");
        await alice.DeleteAsync($"chats/{first.Text("chatId")}");
        Assert.Equal([$"{prefix} 2"], (await PageAsync(next!)).Names);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=abc", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=1.0", "limit")]
    [InlineData("limit=%2B1", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("prefix=a%00", "prefix")]
    [InlineData("prefix=%EF%BF%BE", "prefix")]
    [InlineData("cursor=", "cursor")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=%F0%9F%98%80", "cursor")]
    [InlineData("limit=0&cursor=x", "limit,cursor")]
    public async Task A_parameter_that_is_wrong_is_a_400_that_names_it(string query, string parameters)
    {
        var problem = await (await alice.GetAsync($"chats?{query}")).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(parameters.Split(','), problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_prefix_longer_than_any_name_is_a_400() =>
        await (await alice.GetAsync($"chats?prefix={new string('a', 1000)}")).ProblemAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_cursor_that_was_altered_or_belongs_to_another_prefix_is_a_400()
    {
        var prefix = ChatApi.Unique("cursor");
        for (var i = 0; i < 2; i++) await alice.RoomAsync($"{prefix} {i}");
        var (_, next) = await PageAsync($"chats?limit=1&prefix={Uri.EscapeDataString(prefix)}");
        var cursor = QueryHelpers.ParseQuery(new Uri(alice.BaseAddress!, next).Query)["cursor"].ToString();

        await RefusedAsync(cursor, "");
        await RefusedAsync(cursor, prefix + "x");
        await RefusedAsync(cursor + "A", prefix);
        await RefusedAsync(cursor[..^1], prefix);
        await RefusedAsync(cursor + "=", prefix);
        await RefusedAsync(Encode("public/"), "");
        await RefusedAsync(Encode("private//a"), "");
        await RefusedAsync(Encode("public//' or RowKey gt '"), "");
        await RefusedAsync(Encode("public//a/b"), "");
        await RefusedAsync(Encode($"public//{new string('a', 513)}"), "");
        await RefusedAsync(new string('A', 4000), "");
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"chats?cursor={Encode("public//a")}")).StatusCode);

        async Task RefusedAsync(string altered, string forPrefix)
        {
            var query = $"chats?limit=1&cursor={Uri.EscapeDataString(altered)}&prefix={Uri.EscapeDataString(forPrefix)}";
            var problem = await (await alice.GetAsync(query)).ProblemAsync(HttpStatusCode.BadRequest);
            Assert.Equal(["cursor"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        }

        // As the app writes one, checksum and all.
        static string Encode(string place)
        {
            var bytes = Encoding.UTF8.GetBytes(place);
            return WebEncoders.Base64UrlEncode([.. SHA256.HashData(bytes)[..8], .. bytes]);
        }
    }

    private async Task<List<List<string>>> WalkAsync(string? next)
    {
        var pages = new List<List<string>>();
        while (next is not null)
        {
            var (names, link) = await PageAsync(next);
            pages.Add(names);
            next = link;
        }

        return pages;
    }

    private async Task<(List<string> Names, string? Next)> PageAsync(string address)
    {
        var answer = await alice.GetAsync(address);
        var rooms = await answer.JsonAsync();
        var link = answer.Headers.TryGetValues("Link", out var links) ? NextLink().Match(links.Single()).Groups[1].Value : null;
        return ([.. rooms.EnumerateArray().Select(room => room.Text("chatName"))], link);
    }

    [GeneratedRegex("^<(/chats\\?.*)>; rel=\"next\"$")]
    private static partial Regex NextLink();
}
