using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Tokens;

/// <summary>Tokens that only listen are made once for all callers and all instances, in half of their life.</summary>
public sealed class SharedTokenTests(TestCloud cloud)
{
    private const string ForAll = "token?access=subscribe";

    /// <summary>Half of a token's life.</summary>
    private static readonly TimeSpan Half = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Thousands_of_callers_of_several_instances_cause_one_call_in_half_a_tokens_life_and_one_after_it()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var apps = new List<FunctionHost>();
        for (var i = 0; i < 4; i++) apps.Add(await lab.StartAppAsync());

        async Task<List<string>> AskAllAsync()
        {
            var asking = Task.WhenAll(apps.Select(app => lab.AskAsync(app, 500, ForAll)));
            return [.. (await lab.WhileTimePassesAsync(asking, millisecondsAtOnce: 2)).SelectMany(tokens => tokens).Distinct()];
        }

        var first = Assert.Single(await AskAllAsync());
        lab.Time.Advance(Half - Minute);
        Assert.Equal([first], await AskAllAsync());
        Assert.Equal(1, lab.TokenCalls);

        lab.Time.Advance(Minute);
        await AskAllAsync();
        // Who had the old one while the new one was made, looks for it a second later.
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        var second = Assert.Single(await AskAllAsync());
        Assert.NotEqual(first, second);
        Assert.Equal(2, lab.TokenCalls);
    }

    [Fact]
    public async Task Of_instances_that_find_it_missing_or_due_at_the_same_time_one_makes_it()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var wire = await lab.StartTablesWireAsync();
        var apps = new List<FunctionHost>();
        for (var i = 0; i < 3; i++) apps.Add(await lab.StartAppAsync(tables: wire));

        // First the row is missing, then it is there and due.
        for (var calls = 1; calls <= 2; calls++)
        {
            SharedTokenLab.MeetAtFirstWrite(wire, apps.Count);
            await lab.WhileTimePassesAsync(Task.WhenAll(apps.Select(app => lab.AskAsync(app, 1, ForAll))), millisecondsAtOnce: 1);
            Assert.Equal(calls, lab.TokenCalls);
            lab.Time.Advance(Half);
        }
    }

    [Fact]
    public async Task It_lives_an_hour_and_is_stored_nowhere_on_its_way()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var answer = await lab.Client(await lab.StartAppAsync(), "alice").GetAsync(ForAll);
        var token = await answer.JsonAsync();
        Assert.Equal(lab.Time.GetUtcNow().AddHours(1), token.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.False(token.TryGetProperty("rooms", out _));
    }

    [Fact]
    public async Task It_may_live_25_hours()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        Dictionary<string, string?> settings = new() { ["Momento:SharedTokenLifetime"] = "1.01:00:00" };
        var (app, other) = (await lab.StartAppAsync(settings), await lab.StartAppAsync(settings));
        var token = await TokenAsync(lab.Client(app, "alice"), ForAll);
        Assert.Equal(lab.Time.GetUtcNow().AddHours(25), token.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        lab.Time.Advance(TimeSpan.FromHours(12.4));
        Assert.Equal(token.Text("token"), (await TokenAsync(lab.Client(other, "bob"), ForAll)).Text("token"));
    }

    [Fact]
    public async Task It_is_never_the_token_of_a_caller_who_publishes()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var alice = lab.Client(await lab.StartAppAsync(), "alice");
        var own = (await alice.TokenAsync()).Text("token");
        Assert.NotEqual(own, (await TokenAsync(alice, ForAll)).Text("token"));
        Assert.Equal(own, (await alice.TokenAsync()).Text("token"));
        Assert.Equal(2, lab.TokenCalls);
    }

    [Fact]
    public async Task The_tokens_of_two_rooms_are_two_and_the_members_of_one_share_one()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var app = await lab.StartAppAsync();
        var (alice, bob) = (lab.Client(app, ChatApi.Unique("alice")), lab.Client(await lab.StartAppAsync(), ChatApi.Unique("bob")));
        var (room, other) = (await alice.PrivateRoomAsync("shared"), await alice.PrivateRoomAsync("other"));
        await alice.LetInAsync(room, bob);

        var token = await TokenAsync(alice, $"{ForAll}&chatId={room}");
        Assert.Equal(room, token.GetProperty("rooms")[0].Text("chatId"));
        Assert.Equal(token.Text("token"), (await TokenAsync(bob, $"{ForAll}&chatId={room}")).Text("token"));
        Assert.NotEqual(token.Text("token"), (await TokenAsync(alice, $"{ForAll}&chatId={other}")).Text("token"));
        Assert.Equal(2, lab.TokenCalls);
    }

    [Fact]
    public async Task Who_is_removed_gets_none_from_then_on_and_the_others_get_one_for_the_new_topic()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var app = await lab.StartAppAsync();
        var (alice, bob) = (lab.Client(app, ChatApi.Unique("alice")), lab.Client(app, ChatApi.Unique("bob")));
        var room = await alice.PrivateRoomAsync("removal");
        await alice.LetInAsync(room, bob);
        var before = await TokenAsync(bob, $"{ForAll}&chatId={room}");

        var members = (await (await alice.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray();
        await alice.RemoveAsync(room, members.Single(member => !member.GetProperty("isOwner").GetBoolean()).Text("id"));
        await (await bob.GetAsync($"{ForAll}&chatId={room}")).ProblemAsync(HttpStatusCode.NotFound);
        var after = await TokenAsync(alice, $"{ForAll}&chatId={room}");
        Assert.NotEqual(before.Text("token"), after.Text("token"));
        Assert.NotEqual(before.GetProperty("rooms")[0].Text("eventsTopicName"), after.GetProperty("rooms")[0].Text("eventsTopicName"));
    }

    [Theory]
    [InlineData("token?access=", "access")]
    [InlineData("token?access=publish", "access")]
    [InlineData("token?access=Subscribe", "access")]
    [InlineData("token?access=subscribe&access=subscribe", "access")]
    [InlineData("token?access=subscribe&chatId=a&chatId=b", "chatId")]
    [InlineData("token?access=publish&chatId=a&chatId=b", "access", "chatId")]
    public async Task What_is_no_such_request_is_a_400_that_names_the_parameters(string path, params string[] parameters)
    {
        var problem = await (await cloud.Client("alice").GetAsync(path)).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(parameters, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task What_is_shared_does_not_count_against_a_callers_own_tokens()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var app = await lab.StartAppAsync(new() { ["Momento:TokenCallsPerCallerPerMinute"] = "1" });
        var alice = lab.Client(app, "alice");
        for (var i = 0; i < 50; i++) await TokenAsync(alice, ForAll);
        await alice.TokenAsync();
        for (var i = 0; i < 50; i++) await TokenAsync(alice, ForAll);
        Assert.Equal(2, lab.TokenCalls);
    }

    [Fact]
    public async Task One_caller_with_many_rooms_cannot_have_tokens_made_without_end_and_others_are_not_kept_from_theirs()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var app = await lab.StartAppAsync(new() { ["Momento:TokenCallsPerCallerPerMinute"] = "2" });
        var (alice, bob) = (lab.Client(app, "alice"), lab.Client(app, "bob"));
        var rooms = new List<string>();
        for (var i = 0; i < 3; i++) rooms.Add((await alice.RoomAsync(ChatApi.Unique("many"))).Text("chatId"));
        foreach (var room in rooms[..2]) await TokenAsync(alice, $"{ForAll}&chatId={room}");

        var refused = await alice.GetAsync($"{ForAll}&chatId={rooms[2]}");
        Assert.Equal("too-many-requests", (await refused.ProblemAsync(HttpStatusCode.TooManyRequests)).ProblemType());
        await TokenAsync(bob, $"{ForAll}&chatId={rooms[2]}");
        await TokenAsync(alice, $"{ForAll}&chatId={rooms[2]}");
        Assert.Equal(3, lab.TokenCalls);
    }

    [Fact]
    public async Task Whoever_comes_back_for_it_when_somebody_was_told_to_has_the_next_turn()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var app = await lab.StartAppAsync(new() { ["Momento:TokenCallsPerSecond"] = "0.5" });
        await lab.Client(app, "first").TokenAsync();
        var refused = await lab.Client(app, "alice").GetAsync(ForAll);
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        lab.Time.Advance(refused.Headers.RetryAfter!.Delta!.Value);
        var others = Enumerable.Range(0, 3).Select(number => lab.Client(app, $"other-{number}").GetAsync("token")).ToList();
        await TokenLab.UntilAsync(() => lab.TokenCalls == 2);

        var back = await lab.WhileTimePassesAsync(lab.Client(app, "bob").GetAsync(ForAll), 50);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Equal(1, (await Task.WhenAll(others)).Count(answer => answer.IsSuccessStatusCode));
    }

    [Fact]
    public async Task While_it_is_made_again_the_others_are_served_the_old_one()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud, throughWire: true);
        var alice = lab.Client(await lab.StartAppAsync(), "alice");
        var old = (await TokenAsync(alice, ForAll)).Text("token");
        lab.Time.Advance(Half);
        lab.MomentoWire.HoldAnswers();
        var renewing = TokenAsync(alice, ForAll);
        await TokenLab.UntilAsync(() => lab.TokenCalls == 2);
        for (var i = 0; i < 10; i++) Assert.Equal(old, (await TokenAsync(alice, ForAll)).Text("token"));
        lab.MomentoWire.ReleaseAnswers();
        var renewed = (await renewing).Text("token");
        Assert.NotEqual(old, renewed);
        Assert.Equal(renewed, (await TokenAsync(alice, ForAll)).Text("token"));
        Assert.Equal(2, lab.TokenCalls);
    }

    [Fact]
    public async Task While_Momento_makes_none_the_old_one_is_served_to_its_end_and_no_longer()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud, throughWire: true);
        var alice = lab.Client(await lab.StartAppAsync(), "alice");
        var old = (await TokenAsync(alice, ForAll)).Text("token");
        lab.MomentoWire.Fault = Fault.Down;
        lab.Time.Advance(Half);
        Assert.Equal(old, (await TokenAsync(alice, ForAll)).Text("token"));
        lab.Time.Advance(Half - TimeSpan.FromSeconds(2));
        Assert.Equal(old, (await TokenAsync(alice, ForAll)).Text("token"));
        lab.Time.Advance(TimeSpan.FromSeconds(3));
        await (await alice.GetAsync(ForAll)).ProblemAsync(HttpStatusCode.ServiceUnavailable);

        lab.MomentoWire.Fault = Fault.None;
        Assert.NotEqual(old, (await TokenAsync(alice, ForAll)).Text("token"));
    }

    [Fact]
    public async Task When_the_holder_of_the_lease_is_killed_another_instance_makes_the_first_token_a_few_seconds_later()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud, throughWire: true);
        var wire = await lab.StartTablesWireAsync();
        var killed = await lab.StartAppAsync(tables: wire);
        var other = await lab.StartAppAsync();
        SharedTokenLab.CutAfter(wire, writes: 1);
        lab.MomentoWire.Fault = Fault.Down;
        await (await lab.WhileTimePassesAsync(lab.Client(killed, "alice").GetAsync(ForAll), 1)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        lab.MomentoWire.Fault = Fault.None;

        var waiting = TokenAsync(lab.Client(other, "bob"), ForAll);
        var asked = lab.Time.GetUtcNow();
        await lab.WhileTimePassesAsync(waiting);
        Assert.InRange(lab.Time.GetUtcNow() - asked, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8));
        Assert.Equal(1, lab.TokenCalls);
    }

    [Fact]
    public async Task Who_waits_for_a_killed_holder_longer_than_a_request_may_take_is_a_503_and_gets_it_when_coming_back()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud, throughWire: true);
        var wire = await lab.StartTablesWireAsync();
        var killed = await lab.StartAppAsync(tables: wire);
        var other = await lab.StartAppAsync(new() { ["Http:RequestTimeout"] = "00:00:02" });
        SharedTokenLab.CutAfter(wire, writes: 1);
        lab.MomentoWire.Fault = Fault.Down;
        await lab.WhileTimePassesAsync(lab.Client(killed, "alice").GetAsync(ForAll), 1);
        lab.MomentoWire.Fault = Fault.None;

        var refused = await lab.WhileTimePassesAsync(lab.Client(other, "bob").GetAsync(ForAll));
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);
        lab.Time.Advance(TimeSpan.FromSeconds(5));
        await lab.WhileTimePassesAsync(TokenAsync(lab.Client(other, "bob"), ForAll));
        Assert.Equal(1, lab.TokenCalls);
    }

    [Fact]
    public async Task When_the_holder_of_the_lease_is_killed_the_old_token_goes_on_and_another_instance_renews_it()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var wire = await lab.StartTablesWireAsync();
        var killed = lab.Client(await lab.StartAppAsync(tables: wire), "alice");
        var other = lab.Client(await lab.StartAppAsync(), "bob");
        var old = (await TokenAsync(killed, ForAll)).Text("token");
        Assert.Equal(old, (await TokenAsync(other, ForAll)).Text("token"));

        lab.Time.Advance(Half);
        // Its lease is written, and its token is not: for all that the others see, it is dead.
        SharedTokenLab.CutAfter(wire, writes: 1);
        await lab.WhileTimePassesAsync(TokenAsync(killed, ForAll), 1);
        Assert.Equal(old, (await TokenAsync(other, ForAll)).Text("token"));
        Assert.Equal(2, lab.TokenCalls);

        lab.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotEqual(old, (await TokenAsync(other, ForAll)).Text("token"));
        Assert.Equal(3, lab.TokenCalls);
    }

    [Fact]
    public async Task A_holder_that_fails_keeps_nobody_waiting()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud, throughWire: true);
        var (first, second) = (await lab.StartAppAsync(), await lab.StartAppAsync());
        lab.MomentoWire.Fault = Fault.Down;
        await (await lab.Client(first, "alice").GetAsync(ForAll)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        lab.MomentoWire.Fault = Fault.None;
        await TokenAsync(lab.Client(second, "bob"), ForAll);
    }

    [Fact]
    public async Task While_the_store_is_down_an_instance_serves_what_it_has_and_one_without_has_one_made_for_itself_alone()
    {
        using var logs = new LogRecorder(LogLevel.Warning);
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var wire = await lab.StartTablesWireAsync();
        var (warm, cold) = (await lab.StartAppAsync(tables: wire), await lab.StartAppAsync(tables: wire, logs: logs));
        var kept = (await TokenAsync(lab.Client(warm, "alice"), ForAll)).Text("token");

        wire.Fail(HttpFaults.TableError(503, "ServerBusy"));
        Assert.Equal(kept, (await TokenAsync(lab.Client(warm, "bob"), ForAll)).Text("token"));
        var own = (await lab.WhileTimePassesAsync(TokenAsync(lab.Client(cold, "bob"), ForAll))).Text("token");
        Assert.Equal(2, lab.TokenCalls);
        Assert.All(await lab.WhileTimePassesAsync(lab.AskAsync(cold, 50, ForAll)), token => Assert.Equal(own, token));
        Assert.Equal(2, lab.TokenCalls);
        Assert.Contains(logs.Entries(), entry => entry.Contains("The table of shared tokens does not answer", StringComparison.Ordinal));

        wire.Heal();
        lab.Time.Advance(Half);
        var renewed = (await TokenAsync(lab.Client(warm, "alice"), ForAll)).Text("token");
        Assert.Equal(renewed, (await TokenAsync(lab.Client(cold, "alice"), ForAll)).Text("token"));
        Assert.Equal(3, lab.TokenCalls);
    }

    [Fact]
    public async Task While_the_store_is_down_nobody_gets_a_token_for_one_room_since_nobody_knows_who_may_enter()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var wire = await lab.StartTablesWireAsync();
        var alice = lab.Client(await lab.StartAppAsync(tables: wire), ChatApi.Unique("alice"));
        var room = await alice.PrivateRoomAsync("down");
        await TokenAsync(alice, $"{ForAll}&chatId={room}");
        wire.Fail(HttpFaults.TableError(503, "ServerBusy"));
        await (await lab.WhileTimePassesAsync(alice.GetAsync($"{ForAll}&chatId={room}"))).ProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_costs_no_second_call()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var wire = await lab.StartTablesWireAsync();
        var app = await lab.StartAppAsync(tables: wire);
        var other = await lab.StartAppAsync();
        wire.Fail(HttpFaults.LostAnswer, count: 1, of: request => request.Method == "POST");
        var first = (await lab.WhileTimePassesAsync(TokenAsync(lab.Client(app, "alice"), ForAll))).Text("token");
        Assert.Equal(first, (await TokenAsync(lab.Client(other, "bob"), ForAll)).Text("token"));

        lab.Time.Advance(Half);
        wire.Fail(HttpFaults.LostAnswer, count: 2, of: request => request.Method == "PUT");
        var second = (await lab.WhileTimePassesAsync(TokenAsync(lab.Client(app, "alice"), ForAll))).Text("token");
        Assert.Equal(second, (await TokenAsync(lab.Client(other, "bob"), ForAll)).Text("token"));
        Assert.Equal(2, lab.TokenCalls);
    }

    [Fact]
    public async Task A_rotated_key_has_tokens_of_its_own()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var app = await lab.StartAppAsync();
        var old = (await TokenAsync(lab.Client(app, "alice"), ForAll)).Text("token");
        lab.Own.ApiKey.Rotate();
        // Of the same second the local Momento makes the same token.
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        var fresh = (await TokenAsync(lab.Client(await lab.StartAppAsync(), "bob"), ForAll)).Text("token");
        Assert.NotEqual(old, fresh);
        Assert.Equal(2, lab.TokenCalls);
    }

    [Fact]
    public async Task Another_lifetime_is_another_token()
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        await TokenAsync(lab.Client(await lab.StartAppAsync(), "alice"), ForAll);
        var longer = await lab.StartAppAsync(new() { ["Momento:SharedTokenLifetime"] = "05:00:00" });
        var token = await TokenAsync(lab.Client(longer, "alice"), ForAll);
        Assert.Equal(lab.Time.GetUtcNow().AddHours(5), token.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("""{"endpoint":"evil.example","api_key":"x"}""")]
    [InlineData("""{"api_key":"x"}""")]
    [InlineData("nonsense")]
    public async Task A_row_whose_token_names_another_host_than_ours_is_made_anew(string planted)
    {
        await using var lab = await SharedTokenLab.StartAsync(cloud);
        var token = (await TokenAsync(lab.Client(await lab.StartAppAsync(), "alice"), ForAll)).Text("token");
        var row = Assert.Single(await lab.RowsAsync());
        row["Token"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(planted));
        await lab.Tokens.UpdateEntityAsync(row, row.ETag);

        var anew = (await TokenAsync(lab.Client(await lab.StartAppAsync(), "bob"), ForAll)).Text("token");
        Assert.Equal(SharedTokenLab.EndpointOf(token), SharedTokenLab.EndpointOf(anew));
        Assert.Equal(anew, Assert.Single(await lab.RowsAsync()).GetString("Token"));
        Assert.Equal(2, lab.TokenCalls);
    }

    private static async Task<JsonElement> TokenAsync(HttpClient client, string path) => await (await client.GetAsync(path)).JsonAsync();
}
