using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Node;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace ChatFunctions.Tests.Browser;

/// <summary>One headless Chromium for all tests, driven by playwright-core in a node process. The first page starts it.</summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>Why a test is skipped where there is no browser.</summary>
    public const string Missing = "No Chromium, Chrome or Edge was found. On Debian: apt-get install chromium.";

    private static readonly string[] UsualPlaces =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    private readonly Lazy<Task<NodeProcess>> node = new(StartAsync);

    /// <summary>Null where there is none.</summary>
    public static string? ExecutablePath { get; } = UsualPlaces.FirstOrDefault(File.Exists);

    public async ValueTask DisposeAsync()
    {
        if (node.IsValueCreated) await (await node.Value).DisposeAsync();
    }

    /// <summary>A page in a browser context of its own, as on another person's machine. Without a browser, skips the test.</summary>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="height">Of the window, in CSS pixels.</param>
    /// <param name="hasClock">Whether its time is the test's to move: see <see cref="BrowserPage.RunForAsync"/>.</param>
    public async Task<BrowserPage> OpenAsync(int width = 1200, int height = 780, bool hasClock = false)
    {
        Assert.SkipWhen(ExecutablePath is null, Missing);
        var page = new BrowserPage(await node.Value);
        await page.OpenAsync(width, height, hasClock);
        return page;
    }

    private static async Task<NodeProcess> StartAsync()
    {
        var started = await NodeProcess.StartAsync(Path.Combine(Repository.Tests, "Browser"), "browser.mjs");
        await started.CallAsync("launch", new { path = ExecutablePath });
        return started;
    }
}
