using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Azure;
using Azure.Data.Tables;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Reactions;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Tests.Chores;

/// <summary>Messages are trimmed when they are older than <c>Messages:Retention</c>, wherever a run was cut off and whatever goes on meanwhile.</summary>
public sealed class RetentionTests(ChoresLab lab, TestCloud cloud) : IClassFixture<ChoresLab>
{
    /// <summary>A day is trimmed when even its last message is 90 days old.</summary>
    private static readonly TimeSpan TooOld = TimeSpan.FromDays(91);

    private readonly string aliceName = ChatApi.Unique("alice");

    [Fact]
    public async Task Messages_of_a_day_that_is_too_old_are_gone_also_those_edited_later_and_numbers_and_positions_go_on()
    {
        await using var app = await lab.StartAppAsync(new() { ["Messages:Retention"] = "1.00:00:00" });
        var alice = Client(app);
        var room = await alice.PrivateRoomAsync("old");
        var clientId = Guid.NewGuid();
        var old = (await alice.SayAsync(room, "m1", clientId)).Text("id");
        await alice.SayAsync(room, "m2");
        foreach (var emoji in new[] { "2764", "1F44D" }) await ReactAsync(alice, room, old, emoji);
        lab.Time.Advance(TimeSpan.FromDays(1));
        await ReactAsync(alice, room, (await alice.SayAsync(room, "m3")).Text("id"), "2764");
        await alice.EditAsync(room, old, "edited");
        lab.Time.Advance(TimeSpan.FromDays(1));
        await alice.SayAsync(room, "m4");
        var before = await ReadAsync(alice, room, "?limit=2");
        Assert.Equal(["m4", "m3", "m2", "edited"], (await lab.PageAsync(alice, room)).Texts());

        await app.RunTimerAsync("Chores");
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(alice, room, "?limit=2", $"{before.Headers.ETag}")).StatusCode);
        foreach (var query in new[] { "", "?limit=2", "?around=1", "?before=9" })
        {
            var page = await lab.PageAsync(alice, room, query);
            Assert.Equal(["m4", "m3"], page.Texts());
            Assert.False(page.TryGetProperty("before", out _));
        }

        Assert.Empty((await lab.PageAsync(alice, room, "?before=3")).Messages());
        foreach (var gone in new[] { 0, 1 }) Assert.True((await lab.PageAsync(alice, room, $"?after={gone}")).GetProperty("reset").GetBoolean());
        var changes = await lab.PageAsync(alice, room, "?after=2");
        Assert.Equal(["m3", "m4"], changes.Texts());
        Assert.Equal(5, changes.Number("seq"));
        await AssertGoneAsync(alice, room, old);
        Assert.Equal(["entry-3", "entry-4", "entry-5", "message-3", "message-4"], await RowsAsync(room));
        Assert.Equal(["reacted", "reaction", "reactions"], await ReactionRowsAsync(room));

        var again = await alice.SayAsync(room, "m5", clientId);
        Assert.Equal(5, again.Number());
        Assert.Equal(again.GetRawText(), (await (await alice.PostMessageAsync(room, "m5", clientId)).JsonAsync()).GetRawText());

        // Then nobody says anything any more.
        lab.Time.Advance(TimeSpan.FromDays(3));
        await app.RunTimerAsync("Chores");
        var empty = await lab.PageAsync(alice, room);
        Assert.Empty(empty.Messages());
        Assert.Equal(6, empty.Number("seq"));
        Assert.Empty(await RowsAsync(room));
        Assert.Empty(await ReactionRowsAsync(room));
        Assert.Equal(0, await DaysAsync());
        Assert.Equal(6, (await alice.SayAsync(room, "m6")).Number());
        Assert.Equal(["m6"], (await lab.PageAsync(alice, room, "?after=6")).Texts());
    }

    [Fact]
    public async Task A_run_that_is_killed_at_any_of_its_writes_is_finished_by_the_next_and_shows_all_or_nothing()
    {
        await using var app = await lab.StartAppAsync();
        var alice = Client(app);
        for (var (writes, done) = (0, false); !done; writes++)
        {
            var room = await alice.PrivateRoomAsync("killed");
            var clientId = Guid.NewGuid();
            var old = (await alice.SayAsync(room, "first", clientId)).Text("id");
            await Task.WhenAll(Enumerable.Range(0, 54).Select(number => alice.SayAsync(room, $"m{number}")));
            lab.Time.Advance(TooOld);
            await using (var dying = await lab.StartDyingAppAsync(writes))
            {
                await Record.ExceptionAsync(() => dying.App.RunTimerAsync("Chores"));
            }

            done = await DaysAsync() == 0;
            var shown = (await lab.PageAsync(alice, room, "?limit=100")).Messages().Count();
            // The first write is the head's.
            Assert.Equal(writes == 0 ? 55 : 0, shown);
            if (writes > 0)
            {
                await AssertGoneAsync(alice, room, old);
                Assert.Equal(56, (await alice.SayAsync(room, "new", clientId)).Number());
            }

            await app.RunTimerAsync("Chores");
            Assert.Equal(writes == 0 ? [] : ["new"], (await lab.PageAsync(alice, room)).Texts());
            Assert.Equal(writes == 0 ? [] : ["entry-56", "message-56"], await RowsAsync(room));
            if (writes > 0) Assert.Equal(HttpStatusCode.OK, (await alice.PostMessageAsync(room, "new", clientId)).StatusCode);
            await EndDaysAsync();
        }
    }

    [Fact]
    public async Task Two_runs_at_once_beside_new_messages_and_edits_of_old_ones_come_to_the_same()
    {
        await using var app = await lab.StartAppAsync();
        await using var other = await lab.StartAppAsync();
        var (alice, elsewhere) = (Client(app), Client(other));
        var room = await alice.PrivateRoomAsync("racing");
        var old = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => alice.SayAsync(room, $"m{number}")));
        await Task.WhenAll(old.Take(20).Select(message => alice.ReactAsync(room, message.Text("id"), "2764")));
        lab.Time.Advance(TooOld);

        var said = Task.WhenAll(Enumerable.Range(0, 20).Select(number => (number % 2 == 0 ? alice : elsewhere).SayAsync(room, $"n{number}")));
        var edited = Task.WhenAll(old.Take(10).Select(message => elsewhere.EditAsync(room, message.Text("id"), "edited")));
        await Task.WhenAll(app.RunTimerAsync("Chores"), other.RunTimerAsync("Chores"), said, edited);

        Assert.All(await edited, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound));
        await app.RunTimerAsync("Chores");
        var page = await lab.PageAsync(alice, room, "?limit=100");
        Assert.Equal(Enumerable.Range(61, 20).Reverse().Select(number => (long)number), page.Messages().Select(message => message.Number()));
        var rows = await RowsAsync(room);
        Assert.Equal(20, rows.Count(row => row.StartsWith("message-", StringComparison.Ordinal)));
        var entries = rows.Where(row => row.StartsWith("entry-", StringComparison.Ordinal)).Select(row => NumberIn(row, 6)).Order().ToList();
        Assert.Equal(page.Number("seq"), entries[^1]);
        Assert.Equal(entries.Count, entries[^1] - entries[0] + 1);
        Assert.Empty(await ReactionRowsAsync(room));
    }

    [Fact]
    public async Task A_room_that_is_deleted_while_its_head_is_written_gets_no_row_back()
    {
        await using var wire = await HttpFaultProxy.StartAsync(lab.TableEndpoint);
        await using var app = await lab.StartAppAsync();
        await using var trimming = await cloud.StartAppAsync(new() { ["Tables:ConnectionString"] = lab.ConnectionStringThrough(wire) }, lab.Time);
        var alice = Client(app);
        var room = await alice.PrivateRoomAsync("deleted");
        await alice.SayAsync(room, "m1");
        lab.Time.Advance(TooOld);
        wire.Follow(request => HttpMethods.IsGet(request.Method) ? null : async (http, pass) =>
        {
            await alice.DeleteAsync($"chats/{room}");
            wire.Heal();
            await HttpFaultProxy.ReturnAsync(http, await pass());
        });
        await trimming.RunTimerAsync("Chores");
        var left = Assert.Single(await lab.Messages.QueryAsync<TableEntity>($"PartitionKey eq '{room}'").ToListAsync());
        Assert.True(left.GetBoolean("IsSealed"));
        Assert.Equal(0, await DaysAsync());
    }

    [Fact]
    public async Task A_log_of_an_older_version_keeps_all_until_it_is_spoken_in_and_then_goes_by_its_days()
    {
        await using var app = await lab.StartAppAsync();
        var alice = Client(app);
        var room = await alice.PrivateRoomAsync("before");
        await alice.SayAsync(room, "m1");
        await EndDaysAsync();
        var head = (await lab.Messages.GetEntityAsync<TableEntity>(room, "head")).Value;
        foreach (var added in new[] { "FirstSeq", "FirstNumber" }) head.Remove(added);
        await lab.Messages.UpdateEntityAsync(head, head.ETag, TableUpdateMode.Replace);

        await using var next = await lab.StartAppAsync();
        var later = Client(next);
        lab.Time.Advance(TooOld);
        await next.RunTimerAsync("Chores");
        Assert.Equal(["m1"], (await lab.PageAsync(later, room)).Texts());
        await later.SayAsync(room, "m2");
        Assert.Equal(1, await DaysAsync());
        lab.Time.Advance(TooOld);
        await next.RunTimerAsync("Chores");
        Assert.Empty((await lab.PageAsync(later, room)).Messages());
    }

    /// <summary>Signed in for as long as the clock may be advanced.</summary>
    private HttpClient Client(FunctionHost app)
    {
        var client = cloud.Client(app);
        client.DefaultRequestHeaders.Authorization = new("Bearer", cloud.Local.Entra.CreateAccessToken(
            aliceName, claims => claims["exp"] = DateTimeOffset.UtcNow.AddYears(10).ToUnixTimeSeconds()));
        return client;
    }

    /// <summary>Looks at a room have a tenth of a second between them.</summary>
    private Task<HttpResponseMessage> ReadAsync(HttpClient client, string room, string query = "", string? known = null)
    {
        lab.Time.Advance(TimeSpan.FromMilliseconds(100));
        var request = new HttpRequestMessage(HttpMethod.Get, $"chats/{room}/messages{query}");
        if (known is not null) request.Headers.TryAddWithoutValidation("If-None-Match", known);
        return client.SendAsync(request);
    }

    private static async Task AssertGoneAsync(HttpClient client, string room, string id)
    {
        var path = $"chats/{room}/messages/{id}";
        foreach (var answer in new[] { await client.GetAsync(path), await client.EditAsync(room, id, "x"), await client.DeleteAsync(path) })
        {
            Assert.Equal("message-not-found", (await answer.ProblemAsync(HttpStatusCode.NotFound)).ProblemType());
        }

        var reply = await client.PostAsJsonAsync($"chats/{room}/messages", new { text = "x", clientId = Guid.NewGuid(), replyTo = id });
        await reply.ProblemAsync(HttpStatusCode.BadRequest);
    }

    /// <summary>Of a room's log: entries by position, messages by number, of which each must have its row of the <c>clientId</c>.</summary>
    private async Task<List<string>> RowsAsync(string room)
    {
        var rows = await lab.Messages.QueryAsync<TableEntity>($"PartitionKey eq '{room}' and RowKey ne 'head'").ToListAsync();
        var messages = rows.Where(row => row.RowKey.StartsWith("message-", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            messages.Select(row => $"client-{row["SenderId"]}-{row["ClientId"]:N}").Order(StringComparer.Ordinal),
            rows.Select(row => row.RowKey).Where(row => row.StartsWith("client-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var entries = rows.Where(row => row.RowKey.StartsWith("entry-", StringComparison.Ordinal)).Select(row => NumberIn(row.RowKey, 6));
        return
        [
            .. entries.Order().Select(seq => $"entry-{seq}"),
            .. messages.Select(row => long.MaxValue - NumberIn(row.RowKey, 8)).Order().Select(number => $"message-{number}"),
        ];
    }

    /// <summary>The clock stands still, and a message's reactions are counted ten times a second at most.</summary>
    private async Task ReactAsync(HttpClient client, string room, string id, string emoji)
    {
        lab.Time.Advance(TimeSpan.FromMilliseconds(100));
        await client.ReactAsync(room, id, emoji).AssertDoneAsync();
    }

    /// <summary>The kinds of all rows of reactions.</summary>
    private async Task<List<string>> ReactionRowsAsync(string room) =>
        await lab.Messages.QueryAsync<TableEntity>($"PartitionKey eq '{room}' and RowKey ge 'react' and RowKey lt 'reacu'")
            .Select(row => row.RowKey.Split('-')[0]).ToListAsync();

    private static long NumberIn(string row, int start) => long.Parse(row.AsSpan(start), CultureInfo.InvariantCulture);

    private async Task<int> DaysAsync() => await DayRows().CountAsync();

    private async Task EndDaysAsync()
    {
        await foreach (var day in DayRows()) await lab.Work.DeleteEntityAsync(day);
    }

    private AsyncPageable<TableEntity> DayRows() => lab.Work.QueryAsync<TableEntity>("PartitionKey ge 'day-' and PartitionKey lt 'day.'");
}
