using System.Text.Json.Serialization;
using ChatFunctions.Local;
using ChatFunctions.Local.Functions;
using ChatFunctions.Local.Momento;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Node;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChatFunctions.Tests.Client;

/// <summary>
/// The client package in Node, on an app and a Momento of its own, with a wire between any two of the three on which a test causes faults.
/// </summary>
public sealed class ClientLab : IAsyncDisposable
{
    /// <summary>A stream of the client's notices sooner than in earnest that it is dead.</summary>
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Of clients: everything that they wait for comes sooner than in earnest.</summary>
    private static readonly ClientLimits ShortLimits = new(Silence: 1000, Opening: 1000, HolePatience: 200, Look: 1500, QuietLook: 1500, Presence: 1000);

    private readonly TestCloud cloud;
    private OwnMomento momento = null!;
    private FunctionHost app = null!;
    private NodeProcess node = null!;

    private ClientLab(TestCloud cloud) => this.cloud = cloud;

    /// <summary>Between the clients and the API, by request and by connection.</summary>
    public HttpFaultProxy ApiWire { get; private set; } = null!;

    /// <summary>Between the clients and Momento.</summary>
    public FaultProxy StreamWire { get; private set; } = null!;

    /// <summary>Between the API and Momento.</summary>
    public HttpFaultProxy PublishWire { get; private set; } = null!;

    /// <summary>Momento says that it has published what nobody hears.</summary>
    public static HttpFault Swallowed { get; } = async (http, _) =>
    {
        http.Response.ContentType = "application/grpc";
        http.Response.DeclareTrailer("grpc-status");
        // A message without a field.
        await http.Response.Body.WriteAsync(new byte[5]);
        http.Response.AppendTrailer("grpc-status", $"{(int)StatusCode.OK}");
    };

    public static async Task<ClientLab> StartAsync(TestCloud cloud, ClientPackage package)
    {
        await package.BuiltAsync();
        var lab = new ClientLab(cloud)
        {
            node = await NodeProcess.StartAsync(ClientPackage.Folder, Path.Combine(Repository.Tests, "Client", "client.mjs")),
            momento = await OwnMomento.StartAsync(cloud, TimeProvider.System, new MomentoServerOptions
            {
                Caches = [LocalCloud.CacheName],
                TokenCallsPerSecond = 0,
                HeartbeatInterval = HeartbeatInterval,
            }),
        };
        lab.StreamWire = new FaultProxy(lab.momento.Server.WebAddress);
        lab.PublishWire = await HttpFaultProxy.StartAsync(lab.momento.Server.Address, protocol: HttpProtocols.Http2);
        lab.app = await cloud.StartAppAsync(new()
        {
            ["KeyVault:VaultUri"] = lab.momento.KeyVault.Address.ToString(),
            ["Momento:Endpoint"] = lab.PublishWire.Address.ToString(),
        }, keyVault: lab.momento.KeyVault);
        lab.ApiWire = await HttpFaultProxy.StartAsync(lab.app.Address);
        return lab;
    }

    /// <summary>Somebody who calls the API past the wire that tests cut.</summary>
    public HttpClient Client(string user) => cloud.Client(app, user);

    /// <summary>Somebody who has opened a room with the client package.</summary>
    /// <param name="user">Their name.</param>
    /// <param name="chatId">The room's.</param>
    /// <param name="hasLooks">Whether the room is looked at every other second, so that what was not heard comes all the same.</param>
    public async Task<ClientRoom> OpenAsync(string user, string chatId, bool hasLooks = true)
    {
        var id = await node.CallAsync("open", new
        {
            accessToken = cloud.Local.Entra.CreateAccessToken(user),
            api = ApiWire.Address.ToString(),
            momento = StreamWire.Address.ToString(),
            limits = hasLooks ? ShortLimits : new ClientLimits(),
            chatId,
        });
        return new ClientRoom(node, id.GetInt32());
    }

    /// <summary>All wires pass everything on.</summary>
    public void Heal()
    {
        if (StreamWire.Fault != Fault.None) StreamWire.Fault = Fault.None;
        StreamWire.ReleaseAnswers();
        if (ApiWire.Connections.Fault != Fault.None) ApiWire.Connections.Fault = Fault.None;
        ApiWire.Heal();
        PublishWire.Heal();
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await ApiWire.DisposeAsync();
        await app.DisposeAsync();
        await PublishWire.DisposeAsync();
        await StreamWire.DisposeAsync();
        await momento.DisposeAsync();
    }
}

/// <summary>How long things take a client, in milliseconds; the package's own where nothing is given.</summary>
public sealed record ClientLimits(
    [property: JsonPropertyName("silence")] int? Silence = null,
    [property: JsonPropertyName("opening")] int? Opening = null,
    [property: JsonPropertyName("holePatience")] int? HolePatience = null,
    [property: JsonPropertyName("look")] int? Look = null,
    [property: JsonPropertyName("quietLook")] int? QuietLook = null,
    [property: JsonPropertyName("presence")] int? Presence = null);
