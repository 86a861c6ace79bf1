using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Web;

public sealed class WebPrivateRoomTests(TestCloud cloud, Chromium chromium) : IAsyncLifetime
{
    /// <summary>When three quarters of it are over, a client asks for the next one: then whoever is out notices.</summary>
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromSeconds(60);

    private WebLab lab = null!;

    public async ValueTask InitializeAsync() =>
        lab = await WebLab.StartAsync(cloud, chromium, TokenLifetime, new FakeTimeProvider(DateTimeOffset.UtcNow));

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task An_invitation_link_opened_before_the_sign_in_leads_into_the_room_and_its_code_stays_nowhere()
    {
        await using var alice = await lab.SignInAsync("alice");
        var room = ChatApi.Unique("Party");
        await alice.CreateRoomAsync(room, isPrivate: true);
        var link = await alice.MakeInvitationLinkAsync();

        await using var bob = await lab.OpenAsync(path: link.Fragment);
        await bob.SignInAsync("bob");
        await bob.UntilLiveAsync();
        await bob.SayAsync("Thank you!");

        await alice.SeeMessageAsync("Thank you!");
        var kept = await bob.Browser.EvaluateAsync("location.href + JSON.stringify({...sessionStorage, ...localStorage})");
        Assert.DoesNotContain(link.Fragment["#invite=".Length..], kept.GetString(), StringComparison.Ordinal);
        Assert.Empty(bob.Browser.Console);
    }

    [Fact]
    public async Task A_stranger_neither_finds_nor_opens_a_private_room()
    {
        await using var alice = await lab.SignInAsync("alice");
        var room = ChatApi.Unique("Secret");
        await alice.CreateRoomAsync(room, isPrivate: true);
        var chatId = await alice.Browser.EvaluateAsync("location.hash.slice('#/rooms/'.length)");

        await using var carol = await lab.SignInAsync("carol");
        await carol.GoToRoomAsync(chatId.GetString()!);

        await carol.Browser.SeeAsync(new Target("alert", Text: "There is no such room."));
        await carol.Browser.FillAsync(new Target("searchbox", "Find rooms whose names begin with"), room);
        await carol.Browser.SeeAsync(new Target(Css: ".hint", Text: "No room begins with"));
    }

    [Fact]
    public async Task A_void_invitation_says_so()
    {
        await using var bob = await lab.OpenAsync(path: $"#invite={new string('A', 43)}");

        await bob.SignInAsync("bob");

        await bob.Browser.SeeAsync(new Target(Css: ".notice", Text: "The invitation is unknown, void or expired."));
    }

    [Fact]
    public async Task Who_is_removed_is_told_so_and_the_page_does_not_go_on_trying()
    {
        await using var alice = await lab.SignInAsync("alice");
        await using var bob = await JoinAsync(alice, "Removal");

        await alice.OpenPeopleAsync();
        await alice.Browser.ClickAsync(Target.Button("Remove Bob"));
        await alice.Browser.ClickAsync(Target.Button("Yes"));
        await alice.Browser.CountAsync(new Target(Css: "dialog li"), 1);
        await lab.PassAsync(TokenLifetime * 3 / 4);

        await bob.Browser.SeeAsync(new Target("status", Text: "There is no such room."));
        await TokenLab.UntilAsync(() => lab.Momento.OpenSubscriptions == 1);
    }

    [Fact]
    public async Task Those_who_stay_after_a_removal_hear_each_other_and_miss_nothing()
    {
        await using var alice = await lab.SignInAsync("alice");
        await using var bob = await JoinAsync(alice, "Staying");
        await using var carol = await InviteAsync(alice, "carol");
        await alice.OpenPeopleAsync();
        await alice.Browser.ClickAsync(Target.Button("Remove Bob"));
        await alice.Browser.ClickAsync(Target.Button("Yes"));
        await alice.Browser.CountAsync(new Target(Css: "dialog li"), 2);
        await alice.CloseDialogAsync();

        // They are told that the room has moved, and ask within a second where to.
        await lab.PassAsync(TimeSpan.FromSeconds(2));
        await alice.SayAsync("Bob is gone");
        await carol.SeeMessageAsync("Bob is gone");
        await carol.SayAsync("So he is");

        await alice.SeeMessageAsync("So he is");
        Assert.Empty(await bob.TextsAsync());
    }

    [Fact]
    public async Task A_member_leaves_and_the_room_is_gone_from_their_list_only()
    {
        await using var alice = await lab.SignInAsync("alice");
        await using var bob = await JoinAsync(alice, "Leaving");

        await bob.OpenPeopleAsync();
        await bob.Browser.ClickAsync(Target.Button("Leave the room"));
        await bob.Browser.ClickAsync(Target.Button("Yes"));

        await bob.Browser.SeeAsync(new Target("heading", "No room is open"));
        await bob.Browser.SeeNoMoreAsync(new Target("link", Text: "Leaving"));
        await alice.Browser.SeeAsync(new Target("link", Text: "Leaving"));
        await alice.OpenPeopleAsync();
        await alice.Browser.CountAsync(new Target(Css: "dialog li"), 1);
    }

    [Fact]
    public async Task The_owner_deletes_the_room_and_the_members_are_told()
    {
        await using var alice = await lab.SignInAsync("alice");
        await using var bob = await JoinAsync(alice, "Deletion");

        await alice.OpenPeopleAsync();
        await alice.Browser.ClickAsync(Target.Button("Delete the room"));
        await alice.Browser.ClickAsync(Target.Button("Yes"));

        await alice.Browser.SeeAsync(new Target("heading", "No room is open"));
        await lab.PassAsync(TokenLifetime * 3 / 4);
        await bob.Browser.SeeAsync(new Target("status", Text: "There is no such room."));
    }

    /// <summary>A private room of alice's that bob is in, too.</summary>
    private async Task<ChatPage> JoinAsync(ChatPage alice, string room)
    {
        await alice.CreateRoomAsync(ChatApi.Unique(room), isPrivate: true);
        return await InviteAsync(alice, "bob");
    }

    /// <summary>Somebody whom alice invites into the room that she is in.</summary>
    private async Task<ChatPage> InviteAsync(ChatPage alice, string user)
    {
        var link = await alice.MakeInvitationLinkAsync();
        var page = await lab.OpenAsync(path: link.Fragment);
        await page.SignInAsync(user);
        await page.UntilLiveAsync();
        return page;
    }
}
