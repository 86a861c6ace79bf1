using System.Collections.Concurrent;
using System.Text.Json;
using ChatFunctions.Tests.Node;

namespace ChatFunctions.Tests.Browser;

/// <summary>What to look for in a page: by its role and accessible name, as people with a screen reader do, or by CSS.</summary>
public sealed record Target(string? Role = null, string? Name = null, string? Text = null, string? Css = null, Target? Within = null)
{
    public static Target Button(string name) => new("button", name);
    public static Target Link(string name) => new("link", name);
    public static Target Field(string name) => new("textbox", name);
}

/// <summary>A page. What it looks for it waits for, at most <see cref="Patience"/>; then a test fails.</summary>
public sealed class BrowserPage(NodeProcess node) : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> console = new();
    private int page;

    /// <summary>What the page and the browser have written to the console.</summary>
    public IReadOnlyCollection<string> Console => console;

    internal async Task OpenAsync(int width, int height, bool hasClock)
    {
        var options = new { width, height, hasClock, timeout = Patience.TotalMilliseconds };
        page = (await node.CallAsync("open", options, message => console.Enqueue(message.GetProperty("text").GetString()!))).GetInt32();
    }

    public Task GoAsync(Uri address) => CallAsync("goto", new { url = address });

    public Task ClickAsync(Target target) => CallAsync("click", new { target });

    /// <summary>Puts a text into a field at once.</summary>
    public Task FillAsync(Target target, string text) => CallAsync("fill", new { target, text });

    /// <summary>Types a text key by key.</summary>
    public Task TypeAsync(Target target, string text) => CallAsync("type", new { target, text });

    /// <param name="key">Such as <c>Enter</c> or <c>Shift+Tab</c>.</param>
    public Task PressAsync(string key) => CallAsync("press", new { key });

    public Task SeeAsync(Target target, TimeSpan? patience = null) => WaitForAsync(target, "visible", patience);

    /// <summary>Waits until it is hidden or gone.</summary>
    public Task SeeNoMoreAsync(Target target, TimeSpan? patience = null) => WaitForAsync(target, "hidden", patience);

    /// <summary>Waits until so many are there.</summary>
    public Task CountAsync(Target target, int count, TimeSpan? patience = null) =>
        CallAsync("waitForCount", new { target, count, timeout = (patience ?? Patience).TotalMilliseconds });

    /// <summary>The texts of all that are there now, as they are shown.</summary>
    public async Task<string[]> TextsAsync(Target target) => (await CallAsync("texts", new { target })).Deserialize<string[]>()!;

    public async Task<string> ValueAsync(Target target) => (await CallAsync("value", new { target })).GetString()!;

    /// <param name="script">An expression, or one that makes a promise.</param>
    public Task<JsonElement> EvaluateAsync(string script) => CallAsync("evaluate", new { script });

    /// <summary>Lets the page's clock run on by so much at once, beside its usual course. The page must have been opened with one.</summary>
    public Task RunForAsync(TimeSpan time) => CallAsync("runFor", new { milliseconds = time.TotalMilliseconds });

    /// <param name="colorScheme">What the system prefers from now on, <c>light</c> or <c>dark</c>.</param>
    public Task PreferAsync(string colorScheme) => CallAsync("prefer", new { colorScheme });

    /// <summary>Whether the machine has a network.</summary>
    public Task SetOfflineAsync(bool offline) => CallAsync("offline", new { offline });

    public Task TakeScreenshotAsync(string path) => CallAsync("screenshot", new { path });

    /// <summary>The serious and critical accessibility violations that axe-core finds.</summary>
    public async Task<string[]> ViolationsAsync() => (await CallAsync("violations", new { })).Deserialize<string[]>()!;

    public async ValueTask DisposeAsync()
    {
        await CallAsync("close", new { });
        node.StopListening(page);
    }

    private Task<JsonElement> WaitForAsync(Target target, string state, TimeSpan? patience) =>
        CallAsync("waitFor", new { target, state, timeout = (patience ?? Patience).TotalMilliseconds });

    private Task<JsonElement> CallAsync(string name, object arguments)
    {
        var command = JsonSerializer.SerializeToNode(arguments, JsonSerializerOptions.Web)!.AsObject();
        command["page"] = page;
        return node.CallAsync(name, command);
    }
}
