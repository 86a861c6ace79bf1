using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Members;

public sealed partial class AccessTests(TestCloud cloud)
{
    private static readonly ConcurrentDictionary<Role, Lazy<Task<Scene>>> Scenes = [];

    public static TheoryData<string, Role> CallsAndRoles => AccessTable.CallsAndRoles;

    [Theory]
    [MemberData(nameof(CallsAndRoles))]
    public async Task Every_role_is_answered_on_every_route_as_the_access_table_says(string call, Role role)
    {
        // What changes nothing needs no scene of its own.
        var isRead = call.StartsWith("GET", StringComparison.Ordinal) || call.StartsWith("HEAD", StringComparison.Ordinal);
        var scene = isRead || AccessTable.Answer(call, role) >= 400
            ? await Scenes.GetOrAdd(role, each => new(() => SetSceneAsync(each))).Value
            : await SetSceneAsync(role);
        var user = role == Role.Moderator ? cloud.Moderator(scene.User!) : cloud.Client(scene.User);
        var answer = await user.SendAsync(Request(call, scene));
        Assert.Equal(AccessTable.Answer(call, role), (int)answer.StatusCode);
    }

    [Fact]
    public void The_access_table_has_every_route_of_the_app()
    {
        var routes = HttpFunction.In(typeof(ChatServices).Assembly)
            .SelectMany(function => function.Methods.Select(method => $"{method.ToUpperInvariant()} {Placeholder().Replace(function.Route, "{}").TrimStart('/')}"));
        var calls = AccessTable.Calls.Select(call => Placeholder().Replace(call.Split(" (")[0].Split('?')[0], "{}"));
        Assert.Equal(routes.Distinct().Order(StringComparer.Ordinal), calls.Distinct().Order(StringComparer.Ordinal));
    }

    private static HttpRequestMessage Request(string call, Scene scene)
    {
        var (method, path) = (call.Split(' ')[0], call.Split(' ')[1]);
        path = path.Replace("{room}", scene.Room).Replace("{public}", scene.Public).Replace("{owner}", scene.Owner)
            .Replace("{another}", scene.Another).Replace("{self}", scene.Self).Replace("{message}", scene.Message).Replace("{own}", scene.Own)
            .Replace("{report}", "any").Replace("{session}", $"{Guid.NewGuid()}");
        return new HttpRequestMessage(HttpMethod.Parse(method), path)
        {
            Content = path switch
            {
                "invites" => JsonContent.Create(new { inviteCode = call.Contains("good", StringComparison.Ordinal) ? scene.GoodCode : scene.VoidCode }),
                "chats" when method == "POST" => JsonContent.Create(new { chatName = "private", visibility = "private" }),
                _ when method == "POST" && path.EndsWith("/reports", StringComparison.Ordinal) => JsonContent.Create(new { reason = "wrong" }),
                _ when method is "POST" or "PATCH" && path.Contains("/messages", StringComparison.Ordinal) =>
                    JsonContent.Create(new { text = "said", clientId = Guid.NewGuid() }),
                _ when call.EndsWith("(another owner)", StringComparison.Ordinal) => JsonContent.Create(new { ownerId = scene.Another }),
                _ when method == "PATCH" => JsonContent.Create(new { slowModeSeconds = 5 }),
                _ when method == "PUT" => JsonContent.Create(new { number = 1 }),
                _ => null,
            },
        };
    }

    /// <summary>A private room with an owner, two members, one who was removed, and invitations of before and after that.</summary>
    private async Task<Scene> SetSceneAsync(Role role)
    {
        var names = Enum.GetValues<Role>().ToDictionary(each => each, each => ChatApi.Unique($"{each}"));
        var owner = cloud.Client(names[Role.Owner]);
        var (member, former, another) = (cloud.Client(names[Role.Member]), cloud.Client(names[Role.FormerMember]), cloud.Client(ChatApi.Unique("another")));
        var room = await owner.PrivateRoomAsync("scene");
        var voidCode = await owner.InviteAsync(room);
        foreach (var guest in new[] { member, former, another }) await guest.AcceptAsync(voidCode);
        var message = (await another.SayAsync(room, "of another")).Text("id");
        var sayer = role switch { Role.Owner => owner, Role.FormerMember => former, _ => member };
        var own = (await sayer.SayAsync(room, "of their own")).Text("id");
        var ids = (await (await owner.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray()
            .ToDictionary(each => each.Text("name"), each => each.Text("id"), StringComparer.OrdinalIgnoreCase);
        Assert.True((await owner.RemoveAsync(room, ids[names[Role.FormerMember]])).IsSuccessStatusCode);

        return new Scene(
            User: role == Role.Anonymous ? null : names[role],
            Room: room,
            Public: (await another.RoomAsync(ChatApi.Unique("public"))).Text("chatId"),
            Owner: ids[names[Role.Owner]],
            Another: ids.Single(each => each.Key.StartsWith("another", StringComparison.OrdinalIgnoreCase)).Value,
            Message: message,
            Own: own,
            Self: role is Role.Stranger or Role.Moderator or Role.Anonymous ? "AAAAAAAAAAAAAAAAAAAAAA" : ids[names[role]],
            GoodCode: await owner.InviteAsync(room),
            VoidCode: voidCode);
    }

    private sealed record Scene(
        string? User, string Room, string Public, string Owner, string Another, string Message, string Own, string Self, string GoodCode, string VoidCode);

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
