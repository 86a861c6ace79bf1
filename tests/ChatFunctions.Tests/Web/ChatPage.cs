using ChatFunctions.Tests.Browser;

namespace ChatFunctions.Tests.Web;

/// <summary>The chat in a browser, as a person uses it.</summary>
/// <param name="browser">The browser.</param>
/// <param name="address">Of the web client.</param>
/// <param name="while">Waits for what may wait for the app's clock.</param>
public sealed class ChatPage(BrowserPage browser, Uri address, Func<Task, Task> @while) : IAsyncDisposable
{
    public static readonly Target Messages = new(Css: "[role=log] article");
    public static readonly Target Reconnecting = new("status", Text: "Reconnecting");

    public BrowserPage Browser { get; } = browser;

    public static Target Message(string text) => Messages with { Text = text };

    /// <param name="user">A name; the local issuer takes any.</param>
    public async Task SignInAsync(string user)
    {
        await Browser.ClickAsync(Target.Button("Sign in"));
        await Browser.FillAsync(Target.Field("Or with any other name"), user);
        await Browser.ClickAsync(Target.Button("Sign in"));
        await Browser.SeeAsync(Target.Button("Sign out"));
    }

    /// <summary>Makes a room and is in it when this returns.</summary>
    public async Task CreateRoomAsync(string name, bool isPrivate = false)
    {
        await Browser.ClickAsync(Target.Button("New room"));
        await Browser.FillAsync(Target.Field("Name"), name);
        if (isPrivate) await Browser.ClickAsync(new Target("radio", "Only those who are invited"));
        await Browser.ClickAsync(Target.Button("Create the room"));
        await UntilLiveAsync();
    }

    /// <summary>Finds a room and is in it when this returns.</summary>
    public async Task EnterAsync(string name)
    {
        await Browser.FillAsync(new Target("searchbox", "Find rooms whose names begin with"), name);
        await Browser.ClickAsync(new Target("link", Text: name));
        await UntilLiveAsync();
    }

    public Task GoToRoomAsync(string chatId) => Browser.GoAsync(new Uri(address, $"#/rooms/{chatId}"));

    public Task UntilLiveAsync(TimeSpan? patience = null) =>
        @while(Browser.CountAsync(new Target(Css: "[role=status][data-state=live]"), 1, patience));

    public async Task SayAsync(string text)
    {
        await Browser.FillAsync(new Target(Css: "textarea"), text);
        await Browser.PressAsync("Enter");
    }

    public Task SeeMessageAsync(string text, TimeSpan? patience = null) => @while(Browser.SeeAsync(Message(text), patience));

    /// <summary>Presses one of the usual emoji at a message.</summary>
    public async Task ReactAsync(string text, string emoji)
    {
        await Browser.ClickAsync(Target.Button("React") with { Within = Message(text) });
        await Browser.ClickAsync(Target.Button($"React with {emoji}") with { Within = Message(text) });
    }

    /// <summary>The texts of the messages in their order, without senders and times.</summary>
    public Task<string[]> TextsAsync() => Browser.TextsAsync(new Target(Css: "[role=log] article .text"));

    /// <summary>Opens the room's dialog with its people.</summary>
    public Task OpenPeopleAsync() => Browser.ClickAsync(Target.Button("People"));

    public Task CloseDialogAsync() => Browser.ClickAsync(Target.Button("Close"));

    /// <summary>In the open room; the dialog is closed again.</summary>
    public async Task<Uri> MakeInvitationLinkAsync()
    {
        await OpenPeopleAsync();
        await Browser.ClickAsync(Target.Button("Make an invitation link"));
        await Browser.SeeAsync(Target.Field("Invitation link"));
        var link = await Browser.ValueAsync(Target.Field("Invitation link"));
        await CloseDialogAsync();
        return new Uri(link);
    }

    public ValueTask DisposeAsync() => Browser.DisposeAsync();
}
