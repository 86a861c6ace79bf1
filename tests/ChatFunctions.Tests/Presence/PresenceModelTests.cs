using System.Globalization;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Presence;

/// <summary>
/// Two instances, whose clocks differ by two seconds, and three people with two tabs each, who come, stay and go as chance has it: whoever asks is
/// told of everybody who has surely been here for the last ten seconds, and of nobody who has surely not been.
/// </summary>
public sealed class PresenceModelTests(TestCloud cloud)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RosterAge = TimeSpan.FromSeconds(10);

    /// <summary>More of them by the environment variable <c>PRESENCE_HISTORIES</c>.</summary>
    private static int Histories => int.Parse(Environment.GetEnvironmentVariable("PRESENCE_HISTORIES") ?? "3", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Whoever_asks_is_told_who_is_here_within_ten_seconds_whatever_tabs_clocks_and_instances_do()
    {
        await using var lab = new PresenceLab(cloud);
        FunctionHost[] apps = [await lab.StartAppAsync(), await lab.StartAppAsync(time: new SettableClock(lab.Time) { Step = ClockSkew })];
        for (var number = 0; number < Histories; number++) await RunAsync(lab, apps, Random.Shared.Next());
    }

    private static async Task RunAsync(PresenceLab lab, FunctionHost[] apps, int seed)
    {
        var random = new Random(seed);
        string[] names = ["alice", "bob", "carol"];
        // By instance: the same people at each of them.
        var people = names.Select(name => Clients(lab, apps, name)).ToList();
        var room = await people[0][0].PrivateRoomAsync("model");
        foreach (var other in people.Skip(1)) await people[0][0].LetInAsync(room, other[0]);
        var tabs = names.Select(_ => new[] { Guid.NewGuid(), Guid.NewGuid() }).ToList();
        var model = new List<(int Person, int Tab, DateTimeOffset From, DateTimeOffset To)>();
        for (var step = 0; step < 40; step++)
        {
            var (person, tab, instance) = (random.Next(3), random.Next(2), random.Next(2));
            var (client, now) = (people[person][instance], lab.Time.GetUtcNow());
            switch (random.Next(4))
            {
                case 0 or 1:
                    Assert.Contains(names[person], (await client.RenewAsync(room, tabs[person][tab])).Names(), StringComparison.Ordinal);
                    Cut(person, tab, now);
                    model.Add((person, tab, now, now + LeaseTime));
                    break;
                case 2:
                    await client.EndAsync(room, tabs[person][tab]);
                    Cut(person, tab, now);
                    break;
                default:
                    lab.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 45)));
                    break;
            }

            await CheckAsync($"seed {seed}, step {step}");
        }

        void Cut(int person, int tab, DateTimeOffset at)
        {
            for (var i = 0; i < model.Count; i++)
            {
                if (model[i].Person == person && model[i].Tab == tab && model[i].To > at) model[i] = model[i] with { To = at };
            }
        }

        async Task CheckAsync(string where)
        {
            var now = lab.Time.GetUtcNow();
            var shown = (await people[0][random.Next(2)].PresenceAsync(room)).Names().Split(' ');
            for (var person = 0; person < names.Length; person++)
            {
                var leases = model.FindAll(lease => lease.Person == person);
                if (Covers(leases, now - RosterAge, now)) Assert.True(shown.Contains(names[person]), $"{names[person]} is missing: {where}");
                if (!leases.Exists(lease => lease.From <= now + ClockSkew && lease.To >= now - RosterAge - ClockSkew))
                {
                    Assert.False(shown.Contains(names[person]), $"{names[person]} is shown: {where}");
                }
            }
        }
    }

    /// <summary>Whether at each moment one of the leases is good by every clock.</summary>
    private static bool Covers(List<(int Person, int Tab, DateTimeOffset From, DateTimeOffset To)> leases, DateTimeOffset first, DateTimeOffset last)
    {
        for (var moment = first; moment <= last; moment += TimeSpan.FromSeconds(0.5))
        {
            if (!leases.Exists(lease => lease.From <= moment && lease.To - ClockSkew > moment)) return false;
        }

        return true;
    }

    private static HttpClient[] Clients(PresenceLab lab, FunctionHost[] apps, string name)
    {
        var first = lab.Client(apps[0], name);
        return [first, .. apps.Skip(1).Select(app =>
        {
            var other = lab.Client(app, name);
            other.DefaultRequestHeaders.Authorization = first.DefaultRequestHeaders.Authorization;
            return other;
        })];
    }
}
