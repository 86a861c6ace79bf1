using System.Net;
using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Tokens;
using ChatFunctions.Tests.Worker;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Chores;

/// <summary>What was begun and left is finished by the function that a timer starts, from wherever it was cut off.</summary>
public sealed class ChoresTests(ChoresLab lab, TestCloud cloud) : IClassFixture<ChoresLab>, IAsyncLifetime
{
    private readonly string alice = ChatApi.Unique("alice");
    private readonly string bob = ChatApi.Unique("bob");

    /// <summary>No test leaves work to the next one.</summary>
    public async ValueTask InitializeAsync()
    {
        foreach (var table in new[] { lab.Work, lab.Tokens })
        {
            await foreach (var left in table.QueryAsync<TableEntity>()) await table.DeleteEntityAsync(left);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_small_room_is_deleted_at_once_and_leaves_nothing_to_do()
    {
        await using var app = await lab.StartAppAsync();
        var room = await FullRoomAsync(lab.Client(app, alice), lab.Client(app, bob));
        Assert.Equal(HttpStatusCode.NoContent, (await lab.Client(app, alice).DeleteAsync($"chats/{room}")).StatusCode);
        Assert.Equal(0, await lab.RowsAsync(room));
        Assert.Equal(0, await lab.IntentsAsync());
    }

    [Fact]
    public async Task A_room_of_3000_members_is_closed_and_its_deletion_answered_at_once_and_the_chores_do_the_rest()
    {
        await using var app = await lab.StartAppAsync();
        var (owner, member) = (lab.Client(app, alice), lab.Client(app, bob));
        var room = await FullRoomAsync(owner, member);
        await lab.CrowdAsync(room, 3000);

        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"chats/{room}")).StatusCode);
        foreach (var user in new[] { owner, member }) Assert.False(await user.CanEnterAsync(room));
        Assert.InRange(await lab.RowsAsync(room), 5000, 6000);
        Assert.Equal(1, await lab.IntentsAsync());

        await lab.FinishAsync(app);
        Assert.Equal(0, await lab.RowsAsync(room));
        Assert.Equal(0, await lab.IntentsAsync());
    }

    [Fact]
    public async Task A_deletion_that_is_killed_at_any_of_its_writes_is_finished_by_the_chores_once_it_has_closed_the_room()
    {
        await using var app = await lab.StartAppAsync();
        var (owner, member) = (lab.Client(app, alice), lab.Client(app, bob));
        for (var (writes, done) = (0, false); !done; writes++)
        {
            var room = await FullRoomAsync(owner, member);
            await using (var dying = await lab.StartDyingAppAsync(writes))
            {
                done = (await lab.Client(dying.App, alice).DeleteAsync($"chats/{room}")).IsSuccessStatusCode;
            }

            // The first write is the intent, the second closes the room.
            var closed = writes >= 2;
            foreach (var user in new[] { owner, member }) Assert.Equal(!closed, await user.CanEnterAsync(room));
            await lab.FinishAsync(app);
            Assert.Equal(0, await lab.IntentsAsync());
            if (closed) Assert.Equal(0, await lab.RowsAsync(room));
            foreach (var user in new[] { owner, member }) Assert.Equal(!closed, (await user.ListPrivateAsync()).Contains(room));
        }
    }

    [Fact]
    public async Task Chores_that_are_killed_at_any_of_their_writes_are_finished_by_the_next_run()
    {
        await using var app = await lab.StartAppAsync();
        for (var (writes, done) = (0, false); !done; writes++)
        {
            var room = await ClosedRoomAsync();
            lab.Time.Advance(TimeSpan.FromMinutes(2));
            await using (var dying = await lab.StartDyingAppAsync(writes))
            {
                await Record.ExceptionAsync(() => dying.App.RunTimerAsync("Chores"));
            }

            done = await lab.IntentsAsync() == 0;
            await lab.FinishAsync(app);
            Assert.Equal(0, await lab.RowsAsync(room));
            Assert.Equal(0, await lab.IntentsAsync());
        }
    }

    [Fact]
    public async Task What_was_begun_less_than_a_minute_ago_is_left_alone()
    {
        await using var app = await lab.StartAppAsync();
        var room = await ClosedRoomAsync();
        var rows = await lab.RowsAsync(room);
        lab.Time.Advance(TimeSpan.FromSeconds(59));
        await app.RunTimerAsync("Chores");
        Assert.Equal(rows, await lab.RowsAsync(room));
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        await app.RunTimerAsync("Chores");
        Assert.Equal(0, await lab.RowsAsync(room));
    }

    [Fact]
    public async Task Two_runs_at_once_do_it_as_well_as_one()
    {
        await using var app = await lab.StartAppAsync();
        var room = await ClosedRoomAsync();
        await lab.CrowdAsync(room, 300);
        lab.Time.Advance(TimeSpan.FromMinutes(2));
        await Task.WhenAll(app.RunTimerAsync("Chores"), app.RunTimerAsync("Chores"));
        Assert.Equal(0, await lab.RowsAsync(room));
        Assert.Equal(0, await lab.IntentsAsync());
    }

    [Fact]
    public async Task Who_may_not_delete_a_room_begins_nothing()
    {
        await using var app = await lab.StartAppAsync();
        var room = await FullRoomAsync(lab.Client(app, alice), lab.Client(app, bob));
        await (await lab.Client(app, bob).DeleteAsync($"chats/{room}")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await lab.Client(app, "stranger").DeleteAsync($"chats/{room}")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(0, await lab.IntentsAsync());
    }

    [Fact]
    public async Task What_cannot_be_finished_is_logged_and_stays_and_keeps_nothing_else_from_being_finished()
    {
        var logs = new LogRecorder(LogLevel.Information);
        await using var app = await lab.StartAppAsync(logs: logs);
        await lab.Work.AddEntityAsync(new TableEntity("intent", "0000") { ["What"] = "of-a-later-version", ["ChatId"] = "P" });
        var room = await ClosedRoomAsync();
        await lab.FinishAsync(app);
        Assert.Equal(0, await lab.RowsAsync(room));
        Assert.Equal(1, await lab.IntentsAsync());
        Assert.Contains(logs.Entries(LogLevel.Error), line => line.Contains("of-a-later-version", StringComparison.Ordinal));
        Assert.Contains(logs.Entries(LogLevel.Information), line => line.Contains("Chores: 1 finished, 1 failed.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shared_tokens_that_have_expired_are_deleted_and_others_are_not()
    {
        await using var app = await lab.StartAppAsync();
        var now = lab.Time.GetUtcNow();
        await AddTokensAsync("expired", 3, now - TimeSpan.FromMinutes(2));
        await AddTokensAsync("just-expired", 1, now - TimeSpan.FromSeconds(30));
        await AddTokensAsync("good", 2, now + TimeSpan.FromMinutes(30));
        await app.RunTimerAsync("Chores");
        Assert.Equal(["good-0", "good-1", "just-expired-0"], await TokensAsync());
    }

    [Fact]
    public async Task A_run_deletes_a_thousand_expired_tokens_at_most_and_the_next_one_goes_on()
    {
        await using var app = await lab.StartAppAsync();
        await AddTokensAsync("expired", 1005, lab.Time.GetUtcNow() - TimeSpan.FromMinutes(2));
        await app.RunTimerAsync("Chores");
        Assert.Equal(5, (await TokensAsync()).Count);
        await app.RunTimerAsync("Chores");
        Assert.Empty(await TokensAsync());
    }

    [Fact]
    public async Task A_token_that_is_made_again_while_it_is_being_deleted_stays()
    {
        await using var wire = await HttpFaultProxy.StartAsync(lab.TableEndpoint);
        await using var app = await cloud.StartAppAsync(new() { ["Tables:ConnectionString"] = lab.ConnectionStringThrough(wire) }, lab.Time);
        await AddTokensAsync("expired", 1, lab.Time.GetUtcNow() - TimeSpan.FromMinutes(2));
        wire.Follow(request => !HttpMethods.IsDelete(request.Method) ? null : async (http, pass) =>
        {
            await lab.Tokens.UpsertEntityAsync(new TableEntity("shared", "expired-0") { ["LeaseId"] = "of another instance" });
            await HttpFaultProxy.ReturnAsync(http, await pass());
        });
        await app.RunTimerAsync("Chores");
        Assert.Equal(["expired-0"], await TokensAsync());
    }

    [Fact]
    public async Task Tokens_that_cannot_be_deleted_are_logged_and_keep_nothing_else_from_being_finished()
    {
        var logs = new LogRecorder(LogLevel.Information);
        await using var wire = await HttpFaultProxy.StartAsync(lab.TableEndpoint);
        await using var app = await cloud.StartAppAsync(new() { ["Tables:ConnectionString"] = lab.ConnectionStringThrough(wire) }, lab.Time, logs: logs);
        var room = await ClosedRoomAsync();
        wire.Fail(HttpFaults.TableError(403, "AuthorizationFailure"), of: request => request.Path.Value!.Contains("tokens", StringComparison.Ordinal));
        await lab.FinishAsync(app);
        Assert.Equal(0, await lab.RowsAsync(room));
        Assert.Contains(logs.Entries(LogLevel.Error), line => line.Contains("to delete expired tokens failed", StringComparison.Ordinal));
        Assert.Contains(logs.Entries(LogLevel.Information), line => line.Contains("Chores: 1 finished, 1 failed.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_step_that_fails_as_a_whole_keeps_no_other_from_being_done()
    {
        await using var wire = await HttpFaultProxy.StartAsync(lab.TableEndpoint);
        await using var app = await cloud.StartAppAsync(new() { ["Tables:ConnectionString"] = lab.ConnectionStringThrough(wire) }, lab.Time);
        await AddTokensAsync("expired", 1, lab.Time.GetUtcNow() - TimeSpan.FromMinutes(2));
        wire.Fail(HttpFaults.TableError(403, "AuthorizationFailure"), of: request => request.Path.Value!.Contains("work", StringComparison.Ordinal));
        await app.RunTimerAsync("Chores");
        Assert.Empty(await TokensAsync());
    }

    [Fact]
    public async Task They_run_every_five_minutes_by_the_apps_clock()
    {
        await using var app = await lab.StartAppAsync(new() { ["AzureWebJobs.Chores.Disabled"] = null });
        for (var run = 0; run < 2; run++)
        {
            var room = await ClosedRoomAsync();
            lab.Time.Advance(TimeSpan.FromMinutes(2));
            // Little by little: a run is cut off after four minutes, and one that begins during a long step would be.
            await UntilAsync(async () =>
            {
                lab.Time.Advance(TimeSpan.FromSeconds(30));
                return await lab.RowsAsync(room) == 0;
            });
        }
    }

    [Fact]
    public async Task Under_the_real_worker_they_have_no_request_and_run()
    {
        var room = await ClosedRoomAsync();
        await using var worker = await WorkerApp.StartAsync(cloud, new() { ["Tables:ConnectionString"] = lab.ConnectionString });
        // Its clock is that of the machine, by which the intent is young.
        await foreach (var intent in lab.Work.QueryAsync<TableEntity>("PartitionKey eq 'intent'"))
        {
            await lab.Work.DeleteEntityAsync(intent);
            intent.RowKey = "0000";
            await lab.Work.AddEntityAsync(intent);
        }

        var ran = await worker.Host.InvokeTimerAsync("Chores");
        Assert.Equal("SUCCESS", $"{ran.Result.Status}".ToUpperInvariant());
        Assert.Equal(0, await lab.RowsAsync(room));
        Assert.Contains(worker.Host.Logs, entry => entry.Message == "Chores: 1 finished, 0 failed.");
    }

    [Fact]
    public async Task An_intent_to_delete_a_public_room_that_is_there_all_the_same_touches_nothing()
    {
        await using var app = await lab.StartAppAsync();
        var owner = lab.Client(app, alice);
        var room = (await owner.RoomAsync(ChatApi.Unique("stays"))).Text("chatId");
        await owner.SayAsync(room, "still here");
        await using (var dying = await lab.StartDyingAppAsync(writes: 1))
        {
            await lab.Client(dying.App, alice).DeleteAsync($"chats/{room}");
        }

        Assert.Equal(1, await lab.IntentsAsync());
        await lab.FinishAsync(app);
        Assert.Equal(0, await lab.IntentsAsync());
        Assert.Equal(["still here"], (await owner.PageAsync(room)).Texts());
        await owner.SayAsync(room, "and here");
    }

    /// <summary>A room with a member, an invitation and a message.</summary>
    private static async Task<string> FullRoomAsync(HttpClient owner, HttpClient member)
    {
        var room = await owner.PrivateRoomAsync("chores");
        await owner.LetInAsync(room, member);
        await member.SayAsync(room, "chores");
        return room;
    }

    /// <summary>A room of which a deletion was killed as soon as it was closed.</summary>
    private async Task<string> ClosedRoomAsync()
    {
        await using var app = await lab.StartAppAsync();
        var room = await FullRoomAsync(lab.Client(app, alice), lab.Client(app, bob));
        await using var dying = await lab.StartDyingAppAsync(writes: 2);
        await lab.Client(dying.App, alice).DeleteAsync($"chats/{room}");
        return room;
    }

    private async Task AddTokensAsync(string name, int count, DateTimeOffset expiresAt)
    {
        foreach (var batch in Enumerable.Range(0, count).Chunk(100))
        {
            await lab.Tokens.SubmitTransactionAsync(batch.Select(number => new TableTransactionAction(
                TableTransactionActionType.Add, new TableEntity("shared", $"{name}-{number}") { ["Token"] = "x", ["ExpiresAt"] = expiresAt })));
        }
    }

    private async Task<List<string>> TokensAsync() => await lab.Tokens.QueryAsync<TableEntity>().Select(row => row.RowKey).ToListAsync();

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition()) await Task.Delay(20, timeout.Token);
    }
}
