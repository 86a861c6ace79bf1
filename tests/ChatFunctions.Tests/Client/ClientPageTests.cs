using System.Net;
using System.Text.Encodings.Web;
using ChatFunctions.Local;
using ChatFunctions.Tests.Browser;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.FileProviders;

namespace ChatFunctions.Tests.Client;

/// <summary>The package in a browser, as a plain page loads it: file by file, from another origin than the API's and Momento's.</summary>
public sealed class ClientPageTests(TestCloud cloud, ClientPackage package, Chromium chromium)
{
    [Fact]
    public async Task A_plain_page_shows_a_room_and_sends_also_what_is_said_and_written_while_the_network_is_down()
    {
        await package.BuiltAsync();
        await using var page = await chromium.OpenAsync();
        await using var web = LoopbackServer.CreateBuilder(LocalPort.Free).Build();
        web.UseFileServer(new FileServerOptions { FileProvider = new PhysicalFileProvider(ClientPackage.Folder) });
        var html = await File.ReadAllTextAsync(Path.Combine(Repository.Tests, "Client", "page.html"));
        web.MapGet("/page", () => Microsoft.AspNetCore.Http.Results.Content(html, "text/html"));
        var origin = LoopbackServer.OriginOf(await LoopbackServer.StartAsync(web, LocalPort.Free));
        await using var app = await cloud.StartAppAsync([], webOrigin: origin);
        await using var stream = new FaultProxy(cloud.Local.Momento.WebAddress);
        var bob = cloud.Client(app, "bob");
        var room = (await (await bob.CreateRoomAsync(ChatApi.Unique("Page"))).JsonAsync(HttpStatusCode.Created)).Text("chatId");
        await bob.SayAsync(room, "before");

        var token = UrlEncoder.Default.Encode(cloud.Local.Entra.CreateAccessToken("alice"));
        await page.GoAsync(new Uri($"{origin}/page#api={app.Address}&momento={stream.Address}&chatId={room}&accessToken={token}"));
        await page.SeeAsync(new Target(Css: "output", Text: "live"));
        await page.SeeAsync(new Target(Css: "span", Text: "Alice"));
        await bob.SayAsync(room, "now");
        await page.SeeAsync(Item("Bob: now (sent)"));

        stream.Fault = Fault.Down;
        await page.SetOfflineAsync(true);
        await page.SeeAsync(new Target(Css: "output", Text: "offline"));
        await page.FillAsync(Target.Field("Message"), "meanwhile");
        await page.ClickAsync(Target.Button("Send"));
        await page.SeeAsync(Item("Alice: meanwhile (sending)"));
        await bob.SayAsync(room, "missed");
        stream.Fault = Fault.None;
        await page.SetOfflineAsync(false);

        await page.SeeAsync(Item("Alice: meanwhile (sent)"));
        await page.SeeAsync(new Target(Css: "output", Text: "live"));
        Assert.Equal(
            ["Bob: before (sent)", "Bob: now (sent)", "Bob: missed (sent)", "Alice: meanwhile (sent)"],
            await page.TextsAsync(new Target(Css: "li")));
    }

    private static Target Item(string text) => new(Css: "li", Text: text);
}
