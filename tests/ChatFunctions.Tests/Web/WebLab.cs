using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Local.Functions;
using ChatFunctions.Local.KeyVault;
using ChatFunctions.Local.Momento;
using ChatFunctions.Local.Web;
using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Web;

/// <summary>The web client on an app, a vault and a Momento of its own, with a wire between browsers and Momento that a test can cut.</summary>
public sealed class WebLab : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The longest that a client waits before another try.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly TestCloud cloud;
    private readonly Chromium chromium;
    private readonly FakeTimeProvider? time;
    private readonly ConcurrentQueue<ChatPage> clocks = new();
    private OwnMomento own = null!;
    private FunctionHost app = null!;
    private WebServer web = null!;

    private WebLab(TestCloud cloud, Chromium chromium, FakeTimeProvider? time) => (this.cloud, this.chromium, this.time) = (cloud, chromium, time);

    public MomentoServer Momento => own.Server;
    public MomentoApiKeyRotation ApiKey => own.ApiKey;

    /// <summary>Between the browsers and Momento.</summary>
    public FaultProxy MomentoWire { get; private set; } = null!;

    public Uri Address => web.Address;

    /// <param name="cloud">Table Storage and Entra ID.</param>
    /// <param name="chromium">The browser.</param>
    /// <param name="tokenLifetime">Of the tokens that browsers get; the app's own where nothing is given.</param>
    /// <param name="time">The clock of the app and of Momento. With one, browsers have clocks, too, which <see cref="PassAsync"/> moves.</param>
    public static async Task<WebLab> StartAsync(TestCloud cloud, Chromium chromium, TimeSpan? tokenLifetime = null, FakeTimeProvider? time = null)
    {
        var lab = new WebLab(cloud, chromium, time);
        lab.own = await OwnMomento.StartAsync(cloud, time ?? TimeProvider.System);
        lab.MomentoWire = new FaultProxy(lab.Momento.WebAddress);
        lab.web = await WebServer.StartAsync(LocalPort.Free, cloud.Local.Entra, lab.ApiKey, lab.Backends);
        var settings = new Dictionary<string, string?>
        {
            ["KeyVault:VaultUri"] = lab.own.KeyVault.Address.ToString(),
            ["Momento:Endpoint"] = lab.Momento.Address.ToString(),
        };
        if (tokenLifetime is not null) settings["Momento:SharedTokenLifetime"] = $"{tokenLifetime}";
        lab.app = await cloud.StartAppAsync(settings, time, keyVault: lab.own.KeyVault, webOrigin: lab.web.Origin);
        return lab;
    }

    /// <summary>A signed-in client of the app, as some program of the user's has it.</summary>
    public HttpClient Client(string user) => cloud.Client(app, user);

    /// <summary>A browser that has opened the chat. Without a browser, skips the test.</summary>
    public async Task<ChatPage> OpenAsync(int width = 1200, int height = 780, string path = "")
    {
        var page = new ChatPage(await chromium.OpenAsync(width, height, hasClock: time is not null), web.Address, PassWhileAsync);
        if (time is not null) clocks.Enqueue(page);
        await page.Browser.GoAsync(new Uri(web.Address, path));
        return page;
    }

    /// <summary>A browser in which a user is signed in.</summary>
    public async Task<ChatPage> SignInAsync(string user, int width = 1200, int height = 780)
    {
        var page = await OpenAsync(width, height);
        await page.SignInAsync(user);
        return page;
    }

    /// <summary>A public room as the API shows it.</summary>
    public async Task<JsonElement> RoomAsync(string name)
    {
        var client = Client("alice");
        var found = await (await client.GetAsync($"chats?prefix={Uri.EscapeDataString(name)}")).JsonAsync();
        return await (await client.GetAsync($"chats/{found[0].Text("chatId")}")).JsonAsync();
    }

    /// <summary>Somebody who sends messages by the API, past the wire that tests cut. Each call returns the message.</summary>
    public async Task<Func<string, Task<JsonElement>>> SpeakerAsync(string user, string publicRoom)
    {
        var address = $"chats/{(await RoomAsync(publicRoom)).Text("chatId")}/messages";
        var client = Client(user);
        return async text => await (await client.PostAsJsonAsync(address, new { text, clientId = Guid.NewGuid() })).JsonAsync(HttpStatusCode.Created);
    }

    /// <summary>A public room in which alice has seen the message "before", and somebody who speaks there.</summary>
    public async Task<(ChatPage Alice, string Room, Func<string, Task<JsonElement>> Say)> StartTalkAsync()
    {
        var alice = await SignInAsync("alice");
        var room = ChatApi.Unique("Talk");
        await alice.CreateRoomAsync(room);
        var say = await SpeakerAsync("bob", room);
        await say("before");
        await alice.SeeMessageAsync("before");
        return (alice, room, say);
    }

    /// <summary>Cuts the browsers off from Momento, and lets them come back.</summary>
    /// <param name="watcher">Must notice it.</param>
    /// <param name="length">How long it takes by the clocks, which the lab must have.</param>
    /// <param name="meanwhile">Happens while it is so.</param>
    public async Task CutAsync(ChatPage watcher, TimeSpan length, Func<Task> meanwhile)
    {
        MomentoWire.Fault = Fault.Down;
        await watcher.Browser.SeeAsync(ChatPage.Reconnecting);
        await meanwhile();
        await PassAsync(length);
        MomentoWire.Fault = Fault.None;
        await PassAsync(LongestPause);
    }

    /// <summary>
    /// Lets time pass for the app, for Momento and for all browsers, a second at a time: between two of them what was due does its work.
    /// </summary>
    public async Task PassAsync(TimeSpan length)
    {
        for (var passed = TimeSpan.Zero; passed < length; passed += Second)
        {
            time!.Advance(Second);
            foreach (var page in clocks) await page.Browser.RunForAsync(Second);
        }
    }

    /// <summary>Where the app's clock is the test's, it goes on slowly until it is done: an instance begins to read a room's messages anew only
    /// a while after it did so last.</summary>
    private async Task PassWhileAsync(Task work)
    {
        while (time is not null && await Task.WhenAny(work, Task.Delay(200)) != work) time.Advance(TimeSpan.FromMilliseconds(100));
        await work;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await web.DisposeAsync();
        await MomentoWire.DisposeAsync();
        await own.DisposeAsync();
    }

    private WebBackends Backends() => new(LoopbackServer.OriginOf(app.Address), LoopbackServer.OriginOf(MomentoWire.Address));
}
