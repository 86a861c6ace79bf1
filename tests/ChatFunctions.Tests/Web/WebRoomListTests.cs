using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Web;

public sealed class WebRoomListTests(TestCloud cloud, Chromium chromium) : IAsyncLifetime
{
    private static readonly Target Search = new("searchbox", "Find rooms whose names begin with");
    private static readonly Target Rooms = new(Css: "nav li");

    private WebLab lab = null!;

    public async ValueTask InitializeAsync() => lab = await WebLab.StartAsync(cloud, chromium);

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task Rooms_are_found_by_the_beginning_of_their_names_and_loaded_page_by_page()
    {
        var prefix = ChatApi.Unique("List");
        var client = lab.Client("alice");
        await Task.WhenAll(Enumerable.Range(1, 60).Select(number => client.RoomAsync($"{prefix} {number:00}")));
        await using var alice = await lab.SignInAsync("alice");

        await alice.Browser.FillAsync(Search, prefix);

        await alice.Browser.CountAsync(Rooms with { Text = prefix }, 25);
        await alice.Browser.ClickAsync(Target.Button("Load more"));
        await alice.Browser.CountAsync(Rooms with { Text = prefix }, 50);
        await alice.Browser.ClickAsync(Target.Button("Load more"));
        await alice.Browser.CountAsync(Rooms with { Text = prefix }, 60);
        await alice.Browser.SeeNoMoreAsync(Target.Button("Load more"));
    }

    [Fact]
    public async Task A_name_that_is_taken_says_so_and_keeps_what_was_typed()
    {
        var name = ChatApi.Unique("Taken");
        await lab.Client("bob").RoomAsync(name);
        await using var alice = await lab.SignInAsync("alice");

        await alice.Browser.ClickAsync(Target.Button("New room"));
        await alice.Browser.FillAsync(Target.Field("Name"), name);
        await alice.Browser.ClickAsync(Target.Button("Create the room"));

        await alice.Browser.SeeAsync(new Target("alert", Text: "There is a public room of this name."));
        Assert.Equal(name, await alice.Browser.ValueAsync(Target.Field("Name")));
    }

    [Fact]
    public async Task The_keyboard_alone_makes_a_room_and_talks_in_it()
    {
        var name = ChatApi.Unique("Keys");
        await using var alice = await lab.SignInAsync("alice");

        await alice.Browser.EvaluateAsync("document.querySelector('input[type=search]').focus()");
        await alice.Browser.PressAsync("Tab");
        await alice.Browser.PressAsync("Enter");
        await alice.Browser.TypeAsync(new Target(Css: "input:focus"), name);
        await alice.Browser.PressAsync("Enter");
        await alice.UntilLiveAsync();
        await alice.Browser.TypeAsync(new Target(Css: "textarea:focus"), "Without a mouse");
        await alice.Browser.PressAsync("Enter");

        await alice.SeeMessageAsync("Without a mouse");
    }

    [Fact]
    public async Task A_room_stays_open_when_the_page_is_loaded_again_and_no_token_outlives_the_session()
    {
        await using var alice = await lab.SignInAsync("alice");
        await alice.CreateRoomAsync(ChatApi.Unique("Reload"));

        await alice.Browser.EvaluateAsync("location.reload()");
        await alice.UntilLiveAsync();
        var beyondTheSession = await alice.Browser.EvaluateAsync("JSON.stringify({...localStorage}) + document.cookie");
        Assert.DoesNotContain("token", beyondTheSession.GetString(), StringComparison.OrdinalIgnoreCase);
        await alice.Browser.ClickAsync(Target.Button("Sign out"));

        await alice.Browser.SeeAsync(Target.Button("Sign in"));
        var kept = await alice.Browser.EvaluateAsync("JSON.stringify({...sessionStorage})");
        Assert.DoesNotContain("secret", kept.GetString(), StringComparison.OrdinalIgnoreCase);
    }
}
