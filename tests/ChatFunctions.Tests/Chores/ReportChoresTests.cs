using System.Net;
using System.Net.Http.Headers;
using Azure.Data.Tables;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Moderation;

namespace ChatFunctions.Tests.Chores;

/// <summary>Reports that nobody closes, and those of private rooms that are deleted.</summary>
public sealed class ReportChoresTests(ChoresLab lab, TestCloud cloud) : IClassFixture<ChoresLab>
{
    private static readonly string[] Roles = ["Chat.Moderate"];

    private readonly string alice = ChatApi.Unique("alice");

    [Fact]
    public async Task A_report_that_is_30_days_old_is_shown_no_more_and_gone_with_its_copy_wherever_the_chores_are_killed()
    {
        lab.Time = new(DateTimeOffset.UtcNow);
        await using (var app = await lab.StartAppAsync())
        {
            var owner = lab.Client(app, alice);
            var rooms = new[] { (await owner.RoomAsync(ChatApi.Unique("public"))).Text("chatId"), await owner.PrivateRoomAsync("private") };
            foreach (var room in rooms)
            {
                var id = (await owner.SayAsync(room, "reported")).Text("id");
                foreach (var user in new[] { "bob", "mod" })
                {
                    if (room == rooms[1]) await owner.LetInAsync(room, lab.Client(app, user));
                    await lab.Client(app, user).ReportAsync(room, id).AssertDoneAsync();
                }

                await owner.DeleteAsync($"chats/{room}/messages/{id}").AssertDoneAsync();
            }

            Assert.Equal(2, await CopiesAsync());
        }

        lab.Time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        Assert.Equal(2, await RunAndCountAsync());
        Assert.Equal(2, await CopiesAsync());
        lab.Time.Advance(TimeSpan.FromMinutes(3));
        for (var writes = 0; await CopiesAsync() > 0 || writes < 2; writes++)
        {
            await using var dying = await lab.StartDyingAppAsync(writes, new() { ["Tables:Retry:MaxRetries"] = "0" });
            await Record.ExceptionAsync(() => dying.App.RunTimerAsync("Chores"));
            Assert.True(writes < 20);
        }

        Assert.Equal(0, await RunAndCountAsync());
        Assert.Equal(0, await ReportRowsAsync());
        Assert.Equal(0, await lab.IntentsAsync());
    }

    [Fact]
    public async Task Reports_go_with_their_private_room_at_once_and_those_that_land_late_a_day_later()
    {
        lab.Time = new(DateTimeOffset.UtcNow);
        await using var app = await lab.StartAppAsync();
        var owner = lab.Client(app, alice);
        var room = await owner.PrivateRoomAsync("gone");
        var id = (await owner.SayAsync(room, "reported")).Text("id");
        await owner.ReportAsync(room, id).AssertDoneAsync();
        var rows = await lab.Messages.QueryAsync<TableEntity>($"PartitionKey eq '{room}' and RowKey ge 'report-' and RowKey lt 'report.'").ToListAsync();
        Assert.Equal(5, rows.Count);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"chats/{room}")).StatusCode);
        Assert.Equal(0, await lab.RowsAsync(room));

        foreach (var row in rows) await lab.Messages.AddEntityAsync(row);
        lab.Time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(2));
        await app.RunTimerAsync("Chores");
        Assert.Equal(0, await lab.RowsAsync(room));
    }

    /// <returns>How many reports a moderator saw before the chores ran.</returns>
    private async Task<int> RunAndCountAsync()
    {
        await using var app = await lab.StartAppAsync();
        using var mod = cloud.Client(app);
        var token = cloud.Local.Entra.CreateAccessToken("mod", claims =>
            (claims["roles"], claims["exp"]) = (Roles, DateTimeOffset.UtcNow.AddDays(40).ToUnixTimeSeconds()));
        mod.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var seen = (await mod.ReportsAsync()).Count;
        await app.RunTimerAsync("Chores");
        return seen;
    }

    private async Task<int> CopiesAsync() => await lab.Messages.QueryAsync<TableEntity>("Text eq 'reported'").CountAsync();

    private async Task<int> ReportRowsAsync() =>
        await lab.Messages.QueryAsync<TableEntity>("RowKey ge 'report-' and RowKey lt 'report.'").CountAsync();
}
