using System.Net;
using System.Net.Http.Json;
using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Rooms;

/// <summary>A room is made once, however often a client asks for it that does not know whether it was.</summary>
public sealed class IdempotencyKeyTests(TestCloud cloud)
{
    private readonly string alice = ChatApi.Unique("alice");
    private readonly string name = ChatApi.Unique("once");
    private readonly string key = $"{Guid.NewGuid()}";

    public static TheoryData<string> Visibilities => ["public", "private"];

    [Theory]
    [MemberData(nameof(Visibilities))]
    public async Task A_repeat_gets_the_room_that_the_first_request_made(string visibility)
    {
        var client = cloud.Client(alice);
        var first = await CreateAsync(client, name, visibility, key);
        var room = await first.JsonAsync(HttpStatusCode.Created);
        var repeat = await CreateAsync(client, $" {name}  ", visibility, $"\"{key}\"");
        Assert.Equal(room.GetRawText(), (await repeat.JsonAsync(HttpStatusCode.Created)).GetRawText());
        Assert.Equal(first.Headers.Location, repeat.Headers.Location);
        Assert.Equal(visibility == "private" ? 1 : 0, (await client.ListPrivateAsync()).Count);
    }

    [Theory]
    [MemberData(nameof(Visibilities))]
    public async Task Repeats_at_once_make_one_room(string visibility)
    {
        var client = cloud.Client(alice);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => CreateAsync(client, name, visibility, key)));
        var ids = new HashSet<string>();
        foreach (var answer in answers) ids.Add((await answer.JsonAsync(HttpStatusCode.Created)).Text("chatId"));
        Assert.Single(ids);
        Assert.Equal(visibility == "private" ? 1 : 0, (await client.ListPrivateAsync()).Count);
    }

    [Theory]
    [MemberData(nameof(Visibilities))]
    public async Task Whatever_write_the_first_request_was_killed_at_the_repeat_gets_one_room(string visibility)
    {
        for (var (writes, done) = (0, false); !done; writes++)
        {
            var (own, ownKey) = ($"{name} {writes}", $"{key} {writes}".Replace(' ', '-'));
            await using (var lab = await FaultLab.StartAsync(cloud))
            {
                var left = writes;
                lab.TablesWire.Follow(request =>
                {
                    if (Volatile.Read(ref left) < 0) return HttpFaults.Reset;
                    return !HttpMethods.IsGet(request.Method) && Interlocked.Decrement(ref left) < 0 ? HttpFaults.Reset : null;
                });
                done = (await CreateAsync(lab.Client(alice), own, visibility, ownKey)).IsSuccessStatusCode;
            }

            var room = await (await CreateAsync(cloud.Client(alice), own, visibility, ownKey)).JsonAsync(HttpStatusCode.Created);
            Assert.Equal(own, room.Text("chatName"));
            Assert.Equal(HttpStatusCode.OK, (await cloud.Client(alice).GetAsync($"chats/{room.Text("chatId")}")).StatusCode);
            if (visibility == "private") Assert.Equal(writes + 1, (await cloud.Client(alice).ListPrivateAsync()).Count);
        }
    }

    [Fact]
    public async Task A_key_is_good_for_one_payload_and_another_is_a_422_that_makes_nothing()
    {
        var client = cloud.Client(alice);
        await (await CreateAsync(client, name, "private", key)).JsonAsync(HttpStatusCode.Created);
        foreach (var (other, visibility) in new[] { ($"{name} 2", "private"), (name, "public") })
        {
            var problem = await (await CreateAsync(client, other, visibility, key)).ProblemAsync(HttpStatusCode.UnprocessableEntity);
            Assert.Equal("idempotency-key-reused", problem.ProblemType());
        }

        Assert.Single(await client.ListPrivateAsync());
        Assert.Equal(HttpStatusCode.Created, (await client.CreateRoomAsync(name)).StatusCode);
    }

    [Fact]
    public async Task A_key_of_somebody_else_is_another_key()
    {
        var first = await (await CreateAsync(cloud.Client(alice), name, "private", key)).JsonAsync(HttpStatusCode.Created);
        var second = await (await CreateAsync(cloud.Client(ChatApi.Unique("bob")), name, "private", key)).JsonAsync(HttpStatusCode.Created);
        Assert.NotEqual(first.Text("chatId"), second.Text("chatId"));
    }

    [Theory]
    [MemberData(nameof(Visibilities))]
    public async Task A_room_that_has_been_deleted_since_is_not_made_again(string visibility)
    {
        var client = cloud.Client(alice);
        var room = await (await CreateAsync(client, name, visibility, key)).JsonAsync(HttpStatusCode.Created);
        await client.DeleteAsync($"chats/{room.Text("chatId")}");
        Assert.Equal("room-not-found", (await (await CreateAsync(client, name, visibility, key)).ProblemAsync(HttpStatusCode.NotFound)).ProblemType());
        if (visibility == "public") await cloud.Client("bob").RoomAsync(name);
        await (await CreateAsync(client, name, visibility, key)).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_create_that_was_refused_may_be_repeated_when_the_name_is_free()
    {
        var (client, bob) = (cloud.Client(alice), cloud.Client("bob"));
        var taken = await bob.RoomAsync(name);
        await (await CreateAsync(client, name, "public", key)).ProblemAsync(HttpStatusCode.Conflict);
        await bob.DeleteAsync($"chats/{taken.Text("chatId")}");
        await (await CreateAsync(client, name, "public", key)).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task After_a_day_a_key_is_new_and_the_chores_delete_its_row()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var app = await cloud.StartAppAsync([], time);
        await (await CreateAsync(cloud.Client(app, alice), name, "private", key)).JsonAsync(HttpStatusCode.Created);
        var table = new TableClient(cloud.Local.Storage.ConnectionString, "work");
        var row = Assert.Single(await RowsAsync());

        // The access token would have ended: the row is made older instead.
        await table.UpdateEntityAsync(new TableEntity(row.PartitionKey, row.RowKey) { ["CreatedAt"] = time.GetUtcNow().AddDays(-2) }, Azure.ETag.All);
        await (await CreateAsync(cloud.Client(app, alice), $"{name} 2", "private", key)).JsonAsync(HttpStatusCode.Created);
        await app.RunTimerAsync("Chores");
        Assert.Single(await RowsAsync());

        await table.UpdateEntityAsync(new TableEntity(row.PartitionKey, row.RowKey) { ["CreatedAt"] = time.GetUtcNow().AddDays(-2) }, Azure.ETag.All);
        await app.RunTimerAsync("Chores");
        Assert.Empty(await RowsAsync());

        async Task<List<TableEntity>> RowsAsync()
        {
            var id = (await (await cloud.Client(alice).CreatePrivateRoomAsync("probe")).JsonAsync(HttpStatusCode.Created)).GetProperty("createdBy").Text("id");
            return await table.QueryAsync<TableEntity>().Where(each => each.PartitionKey.EndsWith(id, StringComparison.Ordinal)).ToListAsync();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("\"open")]
    [InlineData("in \"the\" middle")]
    [InlineData("two words")]
    [InlineData("one;two")]
    [InlineData("\"\\a\"")]
    public async Task A_key_that_is_no_string_is_a_400_that_names_the_header(string sent)
    {
        var problem = await (await CreateAsync(cloud.Client(alice), name, "public", sent)).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.True(problem.GetProperty("errors").TryGetProperty("Idempotency-Key", out _));
    }

    [Theory]
    [InlineData("\"a \\\"quoted\\\" \\\\ one\"")]
    [InlineData("\"two words, and/more?\"")]
    [InlineData("bare-/?#_key")]
    public async Task Any_string_is_a_key(string sent)
    {
        var first = await (await CreateAsync(cloud.Client(alice), name, "private", sent)).JsonAsync(HttpStatusCode.Created);
        var repeat = await (await CreateAsync(cloud.Client(alice), name, "private", sent)).JsonAsync(HttpStatusCode.Created);
        Assert.Equal(first.Text("chatId"), repeat.Text("chatId"));
    }

    [Fact]
    public async Task A_key_is_at_most_255_characters_long()
    {
        await (await CreateAsync(cloud.Client(alice), name, "private", new string('a', 255))).JsonAsync(HttpStatusCode.Created);
        await (await CreateAsync(cloud.Client(alice), name, "private", new string('a', 256))).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_taken_name_tells_whose_room_has_it()
    {
        var room = await cloud.Client(alice).RoomAsync(name);
        var problem = await (await cloud.Client("bob").CreateRoomAsync(name)).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(room.Text("chatId"), problem.Text("chatId"));
        Assert.Equal(room.GetProperty("createdBy").GetRawText(), problem.GetProperty("createdBy").GetRawText());
    }

    private static async Task<HttpResponseMessage> CreateAsync(HttpClient client, string name, string visibility, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "chats") { Content = JsonContent.Create(new { chatName = name, visibility }) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await client.SendAsync(request);
    }
}
