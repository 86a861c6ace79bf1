using System.Globalization;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Tests.Client;

/// <summary>
/// People talk in rooms while the connections of those who use the client package are cut, held and forgotten, answers are lost, and events
/// are lost, late and out of order. Once all is well again, what they have is what was said.
/// </summary>
public sealed class ClientModelTests(TestCloud cloud, ClientPackage package, ITestOutputHelper output)
{
    private const int Rooms = 3;
    private const int Steps = 60;

    private static int Seeds => Size("CLIENT_SEEDS", 2);

    private static int FirstSeed => Size("CLIENT_FIRST_SEED", 1);

    [Fact]
    public async Task Whatever_happens_to_connections_and_events_a_client_has_each_message_once_and_in_order_and_sends_each_once()
    {
        await using var lab = await ClientLab.StartAsync(cloud, package);
        for (var seed = FirstSeed; seed < FirstSeed + Seeds; seed++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await RunAsync(lab, seed);
            output.WriteLine($"seed {seed}: {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
        }
    }

    private static int Size(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } size ? int.Parse(size, CultureInfo.InvariantCulture) : otherwise;

    private static async Task RunAsync(ClientLab lab, int seed)
    {
        var random = new Random(seed);
        var (talks, happening) = (new List<ClientTalk>(), new List<Task>());
        for (var room = 0; room < Rooms; room++) talks.Add(await ClientTalk.StartAsync(lab, isPrivate: room > 0));
        foreach (var talk in talks) await talk.Listener.UntilAsync(shown => shown.Status == "live");
        Func<bool> isHit = () =>
        {
            lock (random) return random.Next(4) == 0;
        };

        for (var step = 0; step < Steps; step++)
        {
            int next;
            lock (random) next = random.Next(30);
            var talk = talks[step % Rooms];
            // Not waited for: much happens at the same time.
            happening.Add(next switch
            {
                < 6 => talk.SayAsync(),
                < 11 => talk.SendAsync(),
                < 17 => talk.EditAsync(random),
                < 18 => talk.DeleteAsync(random),
                < 20 => talk.MoveAsync(),
                _ => CauseAsync(lab, next, isHit),
            });
            await Task.Delay(next);
        }

        await Task.WhenAll(happening);
        lab.Heal();
        foreach (var talk in talks) await talk.Listener.WakeAsync();
        foreach (var talk in talks) await talk.CheckAsync();
    }

    private static Task CauseAsync(ClientLab lab, int fault, Func<bool> isHit)
    {
        switch (fault)
        {
            case 20:
                lab.StreamWire.Fault = Fault.Down;
                break;
            case 21:
                lab.StreamWire.Vanish();
                break;
            case 22:
                lab.StreamWire.HoldAnswers();
                break;
            case 23:
                lab.ApiWire.Connections.Fault = Fault.Down;
                break;
            case 24:
                lab.ApiWire.Follow(request => !isHit() ? null : request.Method == HttpMethods.Post ? HttpFaults.LostAnswer : HttpFaults.HalfAnswer);
                break;
            case 25:
                lab.ApiWire.Follow(_ => isHit() ? HttpFaults.Error(503, "{}", retryAfter: 1) : null);
                break;
            case 26:
                // What is published is lost, and the API knows it or does not; or it comes late, after what was said later.
                lab.PublishWire.Follow(_ => isHit() ? HttpFaults.GrpcError(StatusCode.Internal) : isHit() ? ClientLab.Swallowed : null);
                break;
            case 27:
                lab.PublishWire.Follow(_ => isHit() ? LateAsync : null);
                break;
            default:
                lab.Heal();
                break;
        }

        return Task.CompletedTask;
    }

    private static async Task LateAsync(HttpContext http, Func<Task<HttpResponseMessage>> pass)
    {
        await Task.Delay(150, http.RequestAborted);
        await HttpFaultProxy.ReturnAsync(http, await pass());
    }
}
