using System.Net;
using System.Net.Http.Json;
using Azure.Data.Tables;
using ChatFunctions.Tables;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Moderation;

/// <summary>What is reported, by whom, who sees it, and how a report is closed.</summary>
public sealed class ReportTests(TestCloud cloud)
{
    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private readonly HttpClient bob = cloud.Client(ChatApi.Unique("bob"));
    private readonly HttpClient mod = cloud.Moderator(ChatApi.Unique("mod"));

    private TableClient Rows => new(cloud.Local.Storage.ConnectionString, TableNames.Messages);

    [Fact]
    public async Task A_report_keeps_the_message_as_it_was_through_edits_and_its_deletion_until_it_is_closed()
    {
        var (room, text) = (await PublicRoomAsync(), ChatApi.Unique("kept"));
        var draft = new { text, clientId = Guid.NewGuid(), metadata = new { mood = "bad" } };
        var said = await (await alice.PostAsJsonAsync($"chats/{room}/messages", draft)).JsonAsync(HttpStatusCode.Created);
        var id = said.Text("id");
        await bob.ReportAsync(room, id, "rude").AssertDoneAsync();
        await alice.EditAsync(room, id, "mended");
        await bob.ReportAsync(room, id, "once more").AssertDoneAsync();
        await mod.ReportAsync(room, id, "still rude").AssertDoneAsync();
        await alice.DeleteAsync($"chats/{room}/messages/{id}").AssertDoneAsync();
        await bob.ReportAsync(room, id).AssertProblemAsync(HttpStatusCode.NotFound, "message-not-found");

        var (bobsId, modsId) = (await bob.IdAsync(), await mod.IdAsync());
        var reports = await mod.ReportsAsync($"chats/{room}");
        Assert.Equal([(text, 1, "rude", bobsId), ("mended", 2, "still rude", modsId)], reports.Select(report => report.Said()));
        Assert.Equal(
            (id, room, said.Text("sentAt"), said.GetProperty("sender").GetRawText(), """{"mood":"bad"}"""),
            (reports[0].GetProperty("message").Text("id"), reports[0].Text("chatId"), reports[0].GetProperty("message").Text("sentAt"),
                reports[0].GetProperty("message").GetProperty("sender").GetRawText(), reports[0].GetProperty("message").GetProperty("metadata").GetRawText()));
        Assert.False(reports[1].GetProperty("message").TryGetProperty("mood", out _));

        Assert.Equal(1, await CopiesAsync(text));
        foreach (var report in reports) await mod.CloseReportAsync(report.Text("id"), $"chats/{room}").AssertDoneAsync();
        await mod.CloseReportAsync(reports[0].Text("id")).AssertDoneAsync();
        Assert.Empty(await mod.ReportsAsync($"chats/{room}"));
        Assert.Equal(0, await CopiesAsync(text) + await CopiesAsync("mended"));
    }

    [Fact]
    public async Task All_who_report_a_message_share_a_copy_which_goes_with_the_last_of_their_reports()
    {
        var (room, text) = (await PublicRoomAsync(), ChatApi.Unique("shared"));
        var id = (await alice.SayAsync(room, text)).Text("id");
        var crowd = Enumerable.Range(0, 12).Select(number => cloud.Client(ChatApi.Unique($"crowd {number}"))).ToList();
        await Task.WhenAll(crowd.SelectMany(person => Enumerable.Repeat(person, 2)).Select(person => person.ReportAsync(room, id).AssertDoneAsync()));
        var reports = await mod.ReportsAsync($"chats/{room}", limit: 7);
        Assert.Equal(12, reports.Select(report => report.Said().By).Distinct().Count());
        Assert.Equal(12, reports.Count);
        Assert.Equal(reports.Select(report => report.Text("id")).Order(StringComparer.Ordinal), reports.Select(report => report.Text("id")));
        Assert.All(reports, report => Assert.Matches("^[0-9A-Za-z_-]+$", report.Text("id")));
        foreach (var some in reports.Chunk(5))
        {
            // The message itself is one of them.
            Assert.Equal(2, await CopiesAsync(text));
            await Task.WhenAll(some.Select(report => mod.CloseReportAsync(report.Text("id")).AssertDoneAsync()));
        }

        Assert.Equal(1, await CopiesAsync(text));
        await crowd[0].ReportAsync(room, id, "again").AssertDoneAsync();
        Assert.Equal("again", Assert.Single(await mod.ReportsAsync($"chats/{room}")).Said().Reason);
    }

    [Fact]
    public async Task Of_a_private_room_its_owner_alone_sees_and_closes_the_reports()
    {
        var room = await alice.PrivateRoomAsync("reported");
        await alice.LetInAsync(room, bob);
        var id = (await alice.SayAsync(room, "ours")).Text("id");
        await mod.ReportAsync(room, id).AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
        await alice.LetInAsync(room, mod);
        await bob.ReportAsync(room, id, "rude").AssertDoneAsync();
        var report = Assert.Single(await alice.ReportsAsync($"chats/{room}")).Text("id");
        foreach (var other in new[] { bob, mod })
        {
            await other.GetAsync($"chats/{room}/reports").AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
            await other.CloseReportAsync(report, $"chats/{room}").AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
        }

        Assert.DoesNotContain(await mod.ReportsAsync(), other => other.Text("chatId") == room);
        await mod.CloseReportAsync(report).AssertDoneAsync();
        await alice.BanAsync($"chats/{room}", await bob.IdAsync()).AssertDoneAsync();
        await bob.ReportAsync(room, id).AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
        Assert.Single(await alice.ReportsAsync($"chats/{room}"));
        await alice.CloseReportAsync(report, $"chats/{room}").AssertDoneAsync();
        Assert.Empty(await alice.ReportsAsync($"chats/{room}"));
    }

    [Fact]
    public async Task Of_public_rooms_moderators_alone_see_the_reports_also_of_those_that_are_gone_and_banned_people_report_on()
    {
        var (room, other) = (await PublicRoomAsync(), await PublicRoomAsync());
        var id = (await alice.SayAsync(room, "here")).Text("id");
        await alice.BanAsync($"chats/{room}", await bob.IdAsync()).AssertDoneAsync();
        await bob.ReportAsync(room, id, "rude").AssertDoneAsync();
        await bob.ReportAsync(other, id).AssertProblemAsync(HttpStatusCode.NotFound, "message-not-found");
        var report = Assert.Single(await mod.ReportsAsync($"chats/{room}")).Text("id");
        Assert.Empty(await mod.ReportsAsync($"chats/{other}"));
        await mod.CloseReportAsync(report, $"chats/{other}").AssertDoneAsync();
        foreach (var place in new[] { "", $"chats/{room}" })
        {
            await alice.GetAsync($"{place}/reports".TrimStart('/')).AssertProblemAsync(HttpStatusCode.Forbidden, "not-moderator");
            await alice.CloseReportAsync(report, place).AssertProblemAsync(HttpStatusCode.Forbidden, "not-moderator");
        }

        await alice.DeleteAsync($"chats/{room}").AssertDoneAsync();
        await mod.GetAsync($"chats/{room}/reports").AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
        Assert.Equal("here", (await mod.ReportsAsync(limit: 3)).Single(each => each.Text("id") == report).Said().Text);
        await mod.CloseReportAsync(report).AssertDoneAsync();
        Assert.DoesNotContain(await mod.ReportsAsync(), each => each.Text("id") == report);
    }

    [Fact]
    public async Task Nobody_has_more_than_100_open_reports_in_a_room_and_one_that_is_closed_makes_room_for_another()
    {
        var room = await alice.PrivateRoomAsync("many");
        var ids = await Task.WhenAll(Enumerable.Range(0, 2).Select(async number => (await alice.SayAsync(room, $"m{number}")).Text("id")));
        await alice.ReportAsync(room, ids[0]).AssertDoneAsync();
        var own = Assert.Single(await Rows.QueryAsync<TableEntity>($"PartitionKey eq '{room}' and RowKey ge 'report-by-' and RowKey lt 'report-by.'").ToListAsync());
        // As 99 other messages would have them.
        await Rows.SubmitTransactionAsync(Enumerable.Range(100, 99).Select(number =>
            new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(room, $"{own.RowKey}{number}"))));
        await alice.ReportAsync(room, ids[1]).AssertProblemAsync(HttpStatusCode.Conflict, "too-many-reports");
        await alice.ReportAsync(room, ids[0]).AssertDoneAsync();
        var report = Assert.Single(await alice.ReportsAsync($"chats/{room}"));
        await alice.LetInAsync(room, bob);
        await bob.ReportAsync(room, ids[1]).AssertDoneAsync();
        await alice.CloseReportAsync(report.Text("id"), $"chats/{room}").AssertDoneAsync();
        await alice.ReportAsync(room, ids[1]).AssertDoneAsync();
    }

    [Fact]
    public async Task A_reason_has_1_to_500_code_points_and_what_is_no_reason_id_or_page_is_refused()
    {
        var room = await alice.PrivateRoomAsync("bounds");
        var id = (await alice.SayAsync(room, "x")).Text("id");
        foreach (var reason in new string?[] { null, "", " \t", new('x', 501), "a\0b" })
        {
            await alice.PostAsJsonAsync($"chats/{room}/messages/{id}/reports", new { reason }).AssertProblemAsync(HttpStatusCode.BadRequest, "invalid");
        }

        foreach (var query in new[] { "limit=26", "limit=0", "cursor=", "cursor=a'b", "cursor=1-AAAAAAAA" })
        {
            await alice.GetAsync($"chats/{room}/reports?{query}").AssertProblemAsync(HttpStatusCode.BadRequest, "invalid");
        }

        foreach (var none in new[] { "1-AAAAAAAA", $"{id}A", "x'y", "999-AAAAAAAA" })
        {
            await alice.ReportAsync(room, none).AssertProblemAsync(HttpStatusCode.NotFound, "message-not-found");
            await alice.CloseReportAsync(none, $"chats/{room}").AssertDoneAsync();
        }

        var longest = string.Concat(Enumerable.Repeat("\U0001F600", 500));
        await alice.ReportAsync(room, id, longest).AssertDoneAsync();
        Assert.Equal(longest, Assert.Single(await alice.ReportsAsync($"chats/{room}")).Said().Reason);
    }

    [Theory]
    [InlineData("lost answer")]
    [InlineData("late")]
    [InlineData("changed")]
    public async Task Whichever_request_fails_a_report_is_there_once_and_is_closed_with_its_copy(string fault)
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var (owner, text) = (cloud.Client(app, ChatApi.Unique("alice")), ChatApi.Unique("fault"));
        var room = await owner.PrivateRoomAsync("fault");
        foreach (var call in FaultyCall.AtEveryRequest(wire, TableFaults.ByName[fault]))
        {
            var id = (await owner.SayAsync(room, text)).Text("id");
            Assert.Equal(HttpStatusCode.NoContent, (await call.MakeAsync(() => owner.ReportAsync(room, id))).StatusCode);
            Assert.Equal(id, (await owner.ReportsAsync($"chats/{room}"))[^1].GetProperty("message").Text("id"));
        }

        await Task.WhenAll((await owner.PageAsync(room)).Messages().Select(message =>
            owner.DeleteAsync($"chats/{room}/messages/{message.Text("id")}").AssertDoneAsync()));
        var reports = await owner.ReportsAsync($"chats/{room}");
        Assert.Equal(reports.Count, await CopiesAsync(text));
        foreach (var call in FaultyCall.AtEveryRequest(wire, TableFaults.ByName[fault]))
        {
            var answer = await call.MakeAsync(() => owner.CloseReportAsync(reports[0].Text("id"), $"chats/{room}"));
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            reports.RemoveAt(0);
            Assert.Equal(reports.Count, await CopiesAsync(text));
            Assert.Equal(reports.Select(report => report.Text("id")), (await owner.ReportsAsync($"chats/{room}")).Select(report => report.Text("id")));
        }
    }

    private async Task<string> PublicRoomAsync() => (await alice.RoomAsync(ChatApi.Unique("reported"))).Text("chatId");

    /// <summary>How many rows have the text, wherever they are.</summary>
    private async Task<int> CopiesAsync(string text) => await Rows.QueryAsync<TableEntity>($"Text eq '{text}'").CountAsync();
}
