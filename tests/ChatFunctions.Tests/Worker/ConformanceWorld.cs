using System.Text.RegularExpressions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Worker;

/// <summary>
/// People and rooms of the conformance suite on one host. Another host has its own, which differ in names and ids only:
/// <see cref="Normalize"/> takes them out of answers, with all else that is new in each answer.
/// </summary>
public sealed partial class ConformanceWorld
{
    private readonly TestCloud cloud;
    private readonly string unique = $"w{Guid.NewGuid().ToString("N")[..12]}";
    private readonly Dictionary<string, string> known = [];

    private ConformanceWorld(TestCloud cloud, Uri address) => (this.cloud, Address) = (cloud, address);

    /// <summary>Where the host is.</summary>
    public Uri Address { get; }

    public static async Task<ConformanceWorld> CreateAsync(TestCloud cloud, Uri address)
    {
        var world = new ConformanceWorld(cloud, address);
        var (alice, bob) = (world.Client("alice"), world.Client("bob"));
        var room = await alice.PrivateRoomAsync($"{world.unique} party");
        await alice.LetInAsync(room, bob);
        world.known["unique"] = world.unique;
        world.known["private"] = room;
        world.known["public"] = (await alice.RoomAsync($"{world.unique} hall")).Text("chatId");
        world.known["invite"] = await alice.InviteAsync(room);
        world.known["bob"] = (await (await alice.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray()
            .Single(member => !member.GetProperty("isOwner").GetBoolean()).Text("id");
        return world;
    }

    /// <summary>The text with what this world has in place of each <c>{name}</c>.</summary>
    public string Fill(string text) => Placeholder().Replace(text, name => known.GetValueOrDefault(name.Groups[1].Value, name.Value));

    public void Keep(string name, string value) => known[name] = value;

    public string TokenOf(string user) => cloud.Local.Entra.CreateAccessToken($"{user}-{unique}");

    /// <summary>The text without what differs from world to world, and from answer to answer.</summary>
    public string Normalize(string text) => New().Replace(text.Replace(unique, "unique", StringComparison.OrdinalIgnoreCase), "new");

    private HttpClient Client(string user) => cloud.Client(Address, $"{user}-{unique}");

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();

    /// <summary>
    /// Tokens and cursors, times, durations in the log, the random ends of messages' ids, and the ids of reports, users (22 characters; in the log 8), private rooms (23), traces (32
    /// hex digits) and invitations (43).
    /// </summary>
    [GeneratedRegex("""
        (?<="token":")[^"]+|(?<=cursor=)[-\w]+|\d{4}-\d\d-\d\dT[\d:.]+\+00:00|(?<=\ in\ )[\d.]+(?=\ ms\ for)|(?<=\ ms\ for\ )[-\w]{8}(?=,)
        |(?<=(?:/messages/|"id":")\d-)[-\w]{8}|(?<="id":")\d{19}-[-\w]{8}|(?<![-\w])([-\w]{22}|P[-\w]{22}|[0-9a-f]{32}|[-\w]{43})(?![-\w])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex New();
}
