using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Rooms;

public sealed class CreateRoomTests(TestCloud cloud)
{
    private readonly HttpClient alice = cloud.Client("alice");

    [Fact]
    public async Task A_room_keeps_its_name_its_maker_and_when_it_was_made()
    {
        var name = ChatApi.Unique("Tea Time");
        var before = DateTimeOffset.UtcNow;
        var answer = await alice.CreateRoomAsync($"  {name} ");
        var room = await answer.JsonAsync(HttpStatusCode.Created);

        Assert.Equal(name, room.Text("chatName"));
        Assert.Equal("public", room.Text("visibility"));
        Assert.Equal("Alice", room.GetProperty("createdBy").Text("name"));
        Assert.InRange(room.GetProperty("createdAt").GetDateTimeOffset(), before, DateTimeOffset.UtcNow);

        Assert.Equal($"/chats/{room.Text("chatId")}", answer.Headers.Location?.OriginalString);
        Assert.Equal(room.GetRawText(), await cloud.Client("bob").ReadRoomAsync(room.Text("chatId")));
    }

    [Fact]
    public async Task A_room_that_is_made_at_an_address_with_a_slash_at_its_end_is_where_its_location_says()
    {
        var answer = await alice.PostAsJsonAsync("chats/", new { chatName = ChatApi.Unique("Slash") });
        var room = await answer.JsonAsync(HttpStatusCode.Created);
        Assert.Equal($"/chats/{room.Text("chatId")}", answer.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("#general")]
    [InlineData("a/b?")]
    [InlineData("..")]
    [InlineData("%2F")]
    [InlineData("back\\slash & 'quote' \"double\" , ; = + ~ ! *")]
    [InlineData("שלום עולם")]
    [InlineData("مرحبا")]
    [InlineData("👩‍👩‍👧‍👦 family")]
    [InlineData("日本語の部屋")]
    [InlineData("e\u0301te\u0301")]
    public async Task Any_name_of_printable_characters_works_and_its_room_is_found_by_its_id(string name)
    {
        var room = await alice.RoomAsync(ChatApi.Unique(name));
        Assert.Equal(room.GetRawText(), await alice.ReadRoomAsync(room.Text("chatId")));
        Assert.Equal(room.Text("chatName").Normalize(), room.Text("chatName"));
    }

    [Fact]
    public async Task A_name_may_be_64_code_points_of_four_bytes()
    {
        var name = string.Concat(Enumerable.Repeat("𝄞", 32)) + Guid.NewGuid().ToString("N");
        Assert.Equal(name, (await alice.RoomAsync(name)).Text("chatName"));
        await alice.RoomAsync(string.Concat(Enumerable.Range(0, 64).Select(_ => char.ConvertFromUtf32(Random.Shared.Next(0x20000, 0x2A000)))));
    }

    [Theory]
    [InlineData("Straße", "STRASSE")]
    [InlineData("Café", "CAFE\u0301")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("ﬁne", "FINE")]
    [InlineData("Ångström", "A\u030Angstro\u0308m")]
    public async Task A_name_that_differs_only_in_case_or_normalization_is_taken(string first, string second)
    {
        var suffix = ChatApi.Unique("");
        await alice.RoomAsync(first + suffix);
        var problem = await (await cloud.Client("bob").CreateRoomAsync(second + suffix)).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal("name-taken", problem.ProblemType());
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\" \\t\\u2003 \"")]
    [InlineData("\"a\\u0000b\"")]
    [InlineData("\"a\\nb\"")]
    [InlineData("\"a\\u0085b\"")]
    [InlineData("\"a\\u2028b\"")]
    [InlineData("\"a\\ud800b\"")]
    [InlineData("\"a\\udc00\"")]
    [InlineData("\"a\\ufffe\"")]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("[\"a\"]")]
    [InlineData("{}")]
    [InlineData("\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"")]
    public async Task A_value_that_is_no_name_is_a_400_that_names_the_field(string json)
    {
        var problem = await (await PostAsync($$"""{"chatName":{{json}}}""")).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("invalid", problem.ProblemType());
        Assert.NotEmpty(problem.GetProperty("errors").GetProperty("chatName").EnumerateArray());
    }

    [Fact]
    public async Task A_name_whose_key_grows_past_the_tables_limit_is_a_400()
    {
        // Each of these folds to two letters that need seven characters each in a key.
        var problem = await (await alice.CreateRoomAsync(new string('ﬓ', 64))).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("is too long for these characters", problem.GetProperty("errors").GetProperty("chatName")[0].GetString());
    }

    [Theory]
    [InlineData("""{"visibility":"Private"}""", "chatName", "visibility")]
    [InlineData("""{"chatName":"x","visibility":"secret"}""", "visibility")]
    [InlineData("""{"chatName":"x","visibility":1}""", "visibility")]
    [InlineData("{}", "chatName")]
    public async Task Each_wrong_field_is_named(string json, params string[] fields)
    {
        var problem = await (await PostAsync(json)).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(fields, problem.GetProperty("errors").EnumerateObject().Select(field => field.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("""{"chatName":"x"} trailing""")]
    public async Task A_body_that_is_no_json_object_is_a_400(string json) =>
        Assert.Equal("malformed-body", (await (await PostAsync(json)).ProblemAsync(HttpStatusCode.BadRequest)).ProblemType());

    [Fact]
    public async Task A_body_of_bytes_that_are_not_UTF_8_is_a_400()
    {
        using var content = new ByteArrayContent([.. "{\"chatName\":\"a"u8, 0xFF, .. "\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await (await alice.PostAsync("chats", content)).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task No_body_at_all_is_a_400() =>
        Assert.Equal("malformed-body", (await (await alice.PostAsync("chats", null)).ProblemAsync(HttpStatusCode.BadRequest)).ProblemType());

    [Fact]
    public async Task A_field_that_stands_twice_is_a_400() =>
        await (await PostAsync("""{"chatName":"a","chatName":"b"}""")).ProblemAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Unknown_fields_are_ignored()
    {
        var name = ChatApi.Unique("known");
        var answer = await PostAsync($$"""{"color":{"deep":[1]},"chatName":"{{name}}","createdBy":"mallory"}""");
        Assert.Equal("Alice", (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("createdBy").Text("name"));
    }

    [Fact]
    public async Task A_body_of_4096_bytes_is_read_and_one_more_is_a_413()
    {
        var name = ChatApi.Unique("large");
        await (await PostAsync(Padded(name, 4097))).ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(HttpStatusCode.Created, (await PostAsync(Padded(name, 4096))).StatusCode);

        static string Padded(string name, int length) => JsonSerializer.Serialize(new { chatName = name }).PadRight(length);
    }

    [Fact]
    public async Task A_chunked_body_that_never_tells_its_length_is_a_413_too()
    {
        using var content = new StreamContent(new MemoryStream(new byte[100_000]));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "chats") { Content = content, Headers = { TransferEncodingChunked = true } };
        await (await alice.SendAsync(request)).ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON;charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; odata.metadata=none; charset=utf-8")]
    public async Task JSON_in_UTF_8_is_read_however_that_is_said_and_with_a_byte_order_mark_or_without(string type)
    {
        foreach (var start in new[] { "", "\uFEFF" })
        {
            var name = ChatApi.Unique("café");
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{{start}}{"chatName":"{{name}}"}"""));
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            Assert.Equal(name, (await (await alice.PostAsync("chats", content)).JsonAsync(HttpStatusCode.Created)).Text("chatName"));
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=\"iso-8859-1\"")]
    [InlineData(null)]
    public async Task A_body_of_another_type_is_a_415(string? type)
    {
        using var content = new ByteArrayContent("""{"chatName":"x"}"""u8.ToArray());
        if (type is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        await (await alice.PostAsync("chats", content)).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_64_racers_for_a_new_name_exactly_one_wins(bool oneCaller)
    {
        var racers = Enumerable.Range(0, 64).Select(number => oneCaller ? alice : cloud.Client($"racer-{number}")).ToList();
        for (var round = 0; round < 50; round++)
        {
            var name = ChatApi.Unique("race");
            var answers = await Task.WhenAll(racers.Select(racer => racer.CreateRoomAsync(name)));
            Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
            Assert.Equal(63, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        }
    }

    private Task<HttpResponseMessage> PostAsync(string json) =>
        alice.PostAsync("chats", new StringContent(json, Encoding.UTF8, "application/json"));
}
