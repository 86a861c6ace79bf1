using System.Globalization;
using System.Net;
using System.Text.Json;
using ChatFunctions.Local.Functions;
using ChatFunctions.Local.Momento.Wire;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatFunctions.Tests.Messages;

/// <summary>Eight people talk in one room through four instances of the app, and many listen.</summary>
public sealed class LongTalkTests(TestCloud cloud, ITestOutputHelper output)
{
    private const int Writers = 8;
    private const int Instances = 4;

    /// <summary>Of the messages, one in so many is edited as soon as it is said.</summary>
    private const int EditedOf = 10;

    /// <summary>Of what one of the instances publishes, one in so many is lost.</summary>
    private const int LostOf = 40;

    /// <summary>Of the listeners, one in so many comes when half is said, and the next one loses its stream then.</summary>
    private const int LateOf = 10;

    private static int Messages => Size("TALK_MESSAGES", 500);

    private static int Listeners => Size("TALK_LISTENERS", 50);

    [Fact]
    public async Task Each_listener_has_each_message_once_and_all_have_them_in_the_same_order()
    {
        await using var wire = await HttpFaultProxy.StartAsync(cloud.Local.Momento.Address, protocol: HttpProtocols.Http2);
        var published = 0;
        wire.Follow(request =>
        {
            if (!request.Path.Value!.EndsWith("/Publish", StringComparison.Ordinal)) return null;
            return Interlocked.Increment(ref published) % LostOf == 0 ? HttpFaults.GrpcError(StatusCode.Internal) : null;
        });
        List<FunctionHost> apps = [await cloud.StartAppAsync(new() { ["Momento:Endpoint"] = wire.Address.ToString() })];
        while (apps.Count < Instances) apps.Add(await cloud.StartAppAsync([]));
        var names = Enumerable.Range(0, Writers).Select(_ => ChatApi.Unique("writer")).ToList();
        var owner = cloud.Client(apps[0], names[0]);
        var room = await owner.PrivateRoomAsync("long talk");
        foreach (var name in names.Skip(1)) await owner.LetInAsync(room, cloud.Client(apps[0], name));
        using var connections = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        using var channel = GrpcChannel.ForAddress(cloud.Local.Momento.Address, new GrpcChannelOptions { HttpHandler = connections });
        var listeners = await ListenersAsync(apps, names[0], room, new Pubsub.PubsubClient(channel));

        await Task.WhenAll(listeners.Where((_, number) => number % LateOf != 0).Select(each => each.JoinAsync()));
        var said = 0;
        var talking = names.Select(name =>
            TalkAsync([.. apps.Select(app => cloud.Client(app, name))], room, () => Interlocked.Increment(ref said))).ToList();
        while (Volatile.Read(ref said) < Messages / 2 && !talking.Any(each => each.IsCompleted)) await Task.Delay(5);
        await Task.WhenAll([
            .. listeners.Where((_, number) => number % LateOf == 0).Select(each => each.JoinAsync()),
            .. listeners.Where((_, number) => number % LateOf == 1).Select(each => each.RejoinAsync()),
            .. talking,
        ]);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seq = (await owner.PageAsync(room, "?limit=1")).Number("seq");
        Assert.Equal(Messages + (Messages / EditedOf), seq);
        while (listeners.Any(each => each.Position < seq)) await Task.Delay(20, patience.Token);
        output.WriteLine($"{published} publishes of one instance, {listeners.Sum(each => each.Looks)} looks");
        var numbers = Enumerable.Range(1, Messages).Select(number => (long)number).ToList();
        var log = TextsOf(listeners[0]);
        Assert.Equal(Messages / EditedOf, log.Count(each => each.EndsWith("(edited)", StringComparison.Ordinal)));
        foreach (var listener in listeners)
        {
            Assert.Equal(numbers, listener.Shown);
            Assert.Equal(log, TextsOf(listener));
            await listener.DisposeAsync();
        }

        foreach (var app in apps) await app.DisposeAsync();
    }

    private static int Size(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } size ? int.Parse(size, CultureInfo.InvariantCulture) : otherwise;

    private async Task<List<RoomListener>> ListenersAsync(List<FunctionHost> apps, string name, string room, Pubsub.PubsubClient topics)
    {
        var client = cloud.Client(apps[0], name);
        var topic = (await (await client.GetAsync($"chats/{room}")).JsonAsync()).Text("eventsTopicName");
        var token = (await (await client.GetAsync($"token?access=subscribe&chatId={room}")).JsonAsync()).Text("token");
        // So many and so long answers are not held against openapi.json: others of their kind are.
        var readers = apps.Select(app => new HttpClient
        {
            BaseAddress = app.Address,
            DefaultRequestHeaders = { Authorization = client.DefaultRequestHeaders.Authorization },
        }).ToList();
        var key = JsonElement.Parse(Convert.FromBase64String(token)).Text("api_key");
        return [.. Enumerable.Range(0, Listeners).Select(number => new RoomListener(readers[number % Instances], room, topics, key, topic))];
    }

    /// <summary>One message after the other, each through another instance, until all have said enough together.</summary>
    private static async Task TalkAsync(HttpClient[] clients, string room, Func<int> next)
    {
        for (var number = next(); number <= Messages; number = next())
        {
            var (client, clientId) = (clients[Random.Shared.Next(clients.Length)], Guid.NewGuid());
            var message = await AnswerAsync(() => client.PostMessageAsync(room, $"{number}", clientId));
            if (number % EditedOf == 0) await AnswerAsync(() => client.EditAsync(room, message.Text("id"), $"{number} (edited)"));
        }
    }

    /// <summary>On a machine that has much else to do, a call may have to be repeated, as any client does.</summary>
    private static async Task<JsonElement> AnswerAsync(Func<Task<HttpResponseMessage>> call)
    {
        var answer = await call();
        while (answer.StatusCode == HttpStatusCode.ServiceUnavailable) answer = await call();
        return await answer.JsonAsync(answer.IsSuccessStatusCode ? answer.StatusCode : HttpStatusCode.OK);
    }

    private static List<string> TextsOf(RoomListener listener) =>
        [.. listener.Messages.OrderBy(each => each.Key).Select(each => $"{each.Value.Text("id")} {each.Value.Text("text")}")];
}
