using System.Globalization;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Presence;

/// <summary>
/// What an hour costs of people who are online in quiet public rooms, with presence and without: the figures of docs/costs.md.
/// The clock is the app's, and each person does what the web client does.
/// </summary>
public sealed class PresenceCostTests(TestCloud cloud)
{
    private const int PeopleOfARoom = 10;

    /// <summary>A thousand by <c>PRESENCE_PEOPLE=1000</c>.</summary>
    private static int People => int.Parse(Environment.GetEnvironmentVariable("PRESENCE_PEOPLE") ?? "10", CultureInfo.InvariantCulture);

    /// <summary>Who is in a room does not need it to be looked at besides.</summary>
    [Fact]
    public async Task An_hour_online_is_62_requests_with_presence_and_20_without()
    {
        var (with, without) = (await RunAsync(RenewAsync), await RunAsync(LookAsync));
        TestContext.Current.TestOutputHelper?.WriteLine($"An hour of a thousand people: with presence {with}, without {without}.");
        Assert.Equal((62_000, 20_000), (with.Executions, without.Executions));
        Assert.InRange(with.Transactions, 3 * 62_000, 5 * 62_000);
        Assert.InRange(without.Transactions, 2 * 20_000, 3 * 20_000);
        Assert.InRange(with.Events, 200, 2_000);
        Assert.Equal(0, without.Events);
    }

    private async Task<Cost> RunAsync(Func<Visit, int, Task<int>> minuteAsync)
    {
        await using var lab = new PresenceLab(cloud);
        var (app, visits) = (await lab.StartAppAsync(), new List<Visit>());
        for (var room = 0; room < People / PeopleOfARoom; room++) visits.AddRange(await VisitAsync(lab, app));
        // Those of a room one after another would share what is read of it more than people do.
        visits.Sort((one, other) => one.Tab.CompareTo(other.Tab));
        var events = visits.Select(visit => visit.Heard).Distinct().Select(CountAsync).ToList();
        var (before, executions) = (lab.Wire.Requests, 0);
        for (var minute = 0; minute <= 60; minute++)
        {
            foreach (var visit in visits)
            {
                executions += await minuteAsync(visit, minute);
                lab.Time.Advance(TimeSpan.FromMinutes(1) / visits.Count);
            }
        }

        var (requests, scale) = (lab.Wire.Requests - before, 1000 / visits.Count);
        foreach (var room in visits.DistinctBy(visit => visit.Heard)) await room.Client.SayAsync(room.Name, "That was all.");
        return new Cost(executions * scale, requests * scale, (await Task.WhenAll(events)).Sum() * scale);
    }

    private static async Task<List<Visit>> VisitAsync(PresenceLab lab, FunctionHost app)
    {
        var first = lab.Client(app, "person");
        var room = (await first.RoomAsync(ChatApi.Unique("hour"))).Text("chatId");
        var heard = await lab.ListenAsync(first, room);
        return [.. Enumerable.Range(0, PeopleOfARoom).Select(number => new Visit(number == 0 ? first : lab.Client(app, "person"), room, Guid.NewGuid(), heard))];
    }

    /// <returns>How many events come before a message.</returns>
    private static async Task<int> CountAsync(MomentoSubscription heard)
    {
        using (heard)
        {
            var count = 0;
            while ((await heard.NextEventAsync()).Text("type") == "presence") count++;
            return count;
        }
    }

    /// <summary>At once, ten seconds later, each minute, and at the end.</summary>
    private static async Task<int> RenewAsync(Visit visit, int minute)
    {
        if (minute < 60) await visit.Client.RenewAsync(visit.Name, visit.Tab);
        else await visit.Client.EndAsync(visit.Name, visit.Tab);
        if (minute == 0) await visit.Client.RenewAsync(visit.Name, visit.Tab);
        return minute == 0 ? 2 : 1;
    }

    /// <summary>Each minute, and after ten quiet ones each fifth.</summary>
    private static async Task<int> LookAsync(Visit visit, int minute)
    {
        if (minute is 0 || (minute > 10 && minute % 5 != 0)) return 0;
        await visit.Client.PageAsync(visit.Name, "?after=0");
        return 1;
    }

    private sealed record Visit(HttpClient Client, string Name, Guid Tab, MomentoSubscription Heard);

    private readonly record struct Cost(int Executions, int Transactions, int Events)
    {
        public override string ToString() => $"{Executions} executions, {Transactions} transactions, {Events} events";
    }
}
