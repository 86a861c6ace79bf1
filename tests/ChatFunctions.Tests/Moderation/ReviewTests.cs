using System.Net;
using System.Text.Json;
using ChatFunctions.Identity;
using ChatFunctions.Local.Functions;
using ChatFunctions.Moderation;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Moderation;

public sealed class ReviewTests(TestCloud cloud) : IAsyncDisposable
{
    private const string Secret = "xyzzy";

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly LogRecorder logs = new();
    private readonly TableWire wire = new(cloud);
    private FunctionHost? app;

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
        logs.Dispose();
    }

    [Fact]
    public async Task What_is_accepted_is_kept_rejected_is_a_422_with_its_reason_and_rewritten_is_kept_so_in_edits_too()
    {
        var first = new ScriptedReview(text => text switch
        {
            "no" => new ReviewAnswer.Reject("Not “here”."),
            "HELLO" => new ReviewAnswer.Rewrite("hello"),
            _ => new ReviewAnswer.Accept(),
        });
        var second = new ScriptedReview(text => text == "hello" ? new ReviewAnswer.Rewrite("hello e\u0301") : new ReviewAnswer.Accept());
        var alice = await StartAsync([], first, second);
        var room = await alice.PrivateRoomAsync("reviewed");

        var said = await alice.SayAsync(room, "fine");
        Assert.Equal("fine", said.Text("text"));
        Assert.Equal("Not “here”.", (await RejectedAsync(alice.PostMessageAsync(room, "no"))).Text("detail"));
        Assert.Equal("hello é", (await alice.SayAsync(room, "HELLO")).Text("text"));
        Assert.Equal(["fine", "no", "HELLO"], first.Asked.Select(each => each.Text));
        Assert.Equal(["fine", "hello"], second.Asked.Select(each => each.Text));

        await RejectedAsync(alice.EditAsync(room, said.Text("id"), "no"));
        Assert.Equal("hello é", (await (await alice.EditAsync(room, said.Text("id"), "HELLO")).JsonAsync()).Text("text"));
        var page = await alice.PageAsync(room);
        Assert.Equal(["hello é", "hello é"], page.Texts());
        Assert.Equal(3, page.Number("seq"));

        var sender = said.GetProperty("sender");
        var expected = new MessageToReview(room, "reviewed", "private", new User(sender.Text("id"), sender.Text("name")), "fine", IsEdit: false);
        Assert.Equal(expected, first.Asked[0]);
        Assert.Equal(expected with { Text = "HELLO", IsEdit = true }, first.Asked[^1]);
    }

    [Fact]
    public async Task The_review_of_the_moderation_page_does_what_it_looks_like()
    {
        var source = await File.ReadAllTextAsync(Path.Combine(Repository.Tests, "Moderation", $"{nameof(NoShouting)}.cs"));
        Assert.Contains(source[source.IndexOf("public", StringComparison.Ordinal)..], await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "moderation.md")), StringComparison.Ordinal);
        var alice = await StartAsync([], new NoShouting());
        var room = await alice.PrivateRoomAsync("readme");
        Assert.Equal("hello", (await alice.SayAsync(room, "HELLO")).Text("text"));
        Assert.Equal("Please ask kindly.", (await RejectedAsync(alice.PostMessageAsync(room, "STOP"))).Text("detail"));
        Assert.Equal("Stop", (await alice.SayAsync(room, "Stop")).Text("text"));
    }

    [Fact]
    public async Task An_edit_is_not_reviewed_that_changes_nothing_or_that_its_sender_may_not_make()
    {
        var review = new ScriptedReview(_ => new ReviewAnswer.Accept());
        var alice = await StartAsync([], review);
        var room = (await alice.RoomAsync(ChatApi.Unique("edits"))).Text("chatId");
        var id = (await alice.SayAsync(room, "same")).Text("id");
        Assert.Equal(1, (await (await alice.EditAsync(room, id, "same")).JsonAsync()).Number("version"));
        await (await cloud.Client(app!, "bob").EditAsync(room, id, "of bob")).ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Single(review.Asked);

        review.Script = (_, _) => Task.FromResult<ReviewAnswer>(new ReviewAnswer.Rewrite("same"));
        Assert.Equal(1, (await (await alice.EditAsync(room, id, "other")).JsonAsync()).Number("version"));
    }

    [Fact]
    public async Task A_review_costs_no_transaction_and_a_rejection_one_and_a_repeat_gets_what_is_there_by_whatever_rules()
    {
        var review = new ScriptedReview(_ => new ReviewAnswer.Accept());
        var alice = await StartAsync([], review);
        var room = (await alice.RoomAsync(ChatApi.Unique("costs"))).Text("chatId");
        await alice.SayAsync(room, "reads the room and the head");
        var clientId = Guid.NewGuid();
        JsonElement said = default;
        // Two of them are the bans'.
        Assert.Equal(3, await TransactionsAsync(async () => said = await alice.SayAsync(room, "before", clientId)));

        foreach (var rules in new Func<ReviewAnswer>[] { () => new ReviewAnswer.Reject("Not any more."), () => throw new TimeoutException() })
        {
            review.Script = (_, _) => Task.FromResult(rules());
            Assert.Equal(5, await TransactionsAsync(async () =>
                Assert.Equal(said.GetRawText(), (await (await alice.PostMessageAsync(room, "else", clientId)).JsonAsync()).GetRawText())));
        }

        review.Script = (_, _) => Task.FromResult<ReviewAnswer>(new ReviewAnswer.Reject("Not any more."));
        Assert.Equal(3, await TransactionsAsync(() => RejectedAsync(alice.PostMessageAsync(room, "else"))));
        await RejectedAsync(cloud.Client(app!, "bob").PostMessageAsync(room, "of bob", clientId));
        Assert.Equal(2, (await alice.PageAsync(room)).Number("seq"));
    }

    [Theory]
    [InlineData("Reject")]
    [InlineData("Accept")]
    public async Task A_review_that_fails_keeps_nothing_or_lets_it_pass_and_is_logged_once_without_the_text(string whenReviewFails)
    {
        var review = new ScriptedReview(_ => null!);
        var alice = await StartAsync(new() { ["Moderation:WhenReviewFails"] = whenReviewFails }, review);
        var room = await alice.PrivateRoomAsync("fails");
        var id = "";
        foreach (var failure in new Func<string, ReviewAnswer>[]
        {
            text => throw new InvalidOperationException($"Cannot read {text}", new FormatException(text)),
            _ => null!,
            _ => new ReviewAnswer.Rewrite(" \n "),
            text => new ReviewAnswer.Rewrite(text + new string('x', 2000)),
            text => new ReviewAnswer.Rewrite(text + "\ud800"),
            _ => new ReviewAnswer.Reject(" "),
            text => new ReviewAnswer.Reject(text + "\ud800"),
        })
        {
            review.Script = (message, _) => Task.FromResult(failure(message.Text));
            var answer = id == "" ? await alice.PostMessageAsync(room, Secret) : await alice.EditAsync(room, id, $"{Secret} {review.Asked.Count}");
            if (whenReviewFails == "Reject")
            {
                Assert.Equal("review-failed", (await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable)).ProblemType());
                Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
            }
            else
            {
                var kept = await answer.JsonAsync(id == "" ? HttpStatusCode.Created : HttpStatusCode.OK);
                Assert.StartsWith(Secret, kept.Text("text"), StringComparison.Ordinal);
                id = kept.Text("id");
            }

            Assert.Equal(review.Asked.Count, Warnings().Count);
        }

        Assert.All(Warnings(), line => Assert.StartsWith("The review ScriptedReview has failed: System.", line, StringComparison.Ordinal));
        Assert.Equal(7, review.Asked.Count);
        Assert.Equal(whenReviewFails == "Accept" ? 7 : 0, (await alice.PageAsync(room)).Number("seq"));
        AssertNoText();
    }

    [Theory]
    [InlineData("Reject", HttpStatusCode.ServiceUnavailable)]
    [InlineData("Accept", HttpStatusCode.Created)]
    public async Task A_review_that_hangs_has_failed_at_its_deadline_and_what_it_says_later_is_not_heard(string whenReviewFails, HttpStatusCode expected)
    {
        using var blocked = new ManualResetEventSlim();
        var late = new TaskCompletionSource<ReviewAnswer>();
        var alice = await StartAsync(new() { ["Moderation:WhenReviewFails"] = whenReviewFails });
        var room = await alice.PrivateRoomAsync("hangs");
        foreach (var hang in new Func<CancellationToken, Task<ReviewAnswer>>[]
        {
            _ => late.Task,
            async token => await Task.Delay(Timeout.Infinite, token).ContinueWith<ReviewAnswer>(_ => throw new OperationCanceledException(token), TaskScheduler.Default),
            _ =>
            {
                blocked.Wait(CancellationToken.None);
                return late.Task;
            },
        })
        {
            Review.Script = (_, token) => hang(token);
            var (asked, said) = (Review.Asked.Count, alice.PostMessageAsync(room, Secret));
            await TokenLab.UntilAsync(() => Review.Asked.Count > asked);
            Assert.False(said.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(expected, (await said).StatusCode);
        }

        late.SetResult(new ReviewAnswer.Rewrite("too late"));
        blocked.Set();
        Assert.All(Warnings(), line => Assert.StartsWith("The review ScriptedReview has failed: no answer in time", line, StringComparison.Ordinal));
        Assert.Equal(3, Warnings().Count);
        Assert.All((await alice.PageAsync(room)).Texts(), text => Assert.Equal(Secret, text));
        AssertNoText();
    }

    [Fact]
    public async Task A_request_whose_time_ends_in_a_review_is_a_503_that_the_log_explains_and_keeps_nothing()
    {
        var alice = await StartAsync(new() { ["Moderation:ReviewTimeout"] = "00:00:10", ["Moderation:WhenReviewFails"] = "Accept" });
        var room = await alice.PrivateRoomAsync("slow");
        Review.Script = (_, _) => new TaskCompletionSource<ReviewAnswer>().Task;
        var said = alice.PostMessageAsync(room, Secret);
        await TokenLab.UntilAsync(() => Review.Asked.Count > 0);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("unavailable", (await (await said).ProblemAsync(HttpStatusCode.ServiceUnavailable)).ProblemType());
        Assert.StartsWith("SendMessage: The review ScriptedReview does not answer", Assert.Single(Warnings()), StringComparison.Ordinal);
        Assert.Empty((await alice.PageAsync(room)).Messages());
    }

    private ScriptedReview Review { get; } = new(_ => new ReviewAnswer.Accept());

    /// <returns>Alice.</returns>
    private async Task<HttpClient> StartAsync(Dictionary<string, string?> settings, params IMessageReview[] reviews)
    {
        app = await cloud.StartAppAsync(settings, time, logs: logs, wire: wire, services: services =>
        {
            foreach (var review in reviews.DefaultIfEmpty(Review)) services.AddSingleton(review);
        });
        return cloud.Client(app, ChatApi.Unique("alice"));
    }

    private async Task<int> TransactionsAsync(Func<Task> make)
    {
        var before = wire.Requests;
        await make();
        return wire.Requests - before;
    }

    private static async Task<JsonElement> RejectedAsync(Task<HttpResponseMessage> answer)
    {
        var problem = await (await answer).ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("rejected", problem.ProblemType());
        return problem;
    }

    private IReadOnlyList<string> Warnings() => logs.Entries(LogLevel.Warning, "ChatFunctions.");

    private void AssertNoText() => Assert.DoesNotContain(logs.Entries(), line => line.Contains(Secret, StringComparison.Ordinal));
}
