using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento;
using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;
using Grpc.Net.Client;

namespace ChatFunctions.Tests.Tokens;

/// <summary>Tries at Momento itself what a token opens.</summary>
public sealed class MomentoTopics(MomentoServer momento) : IDisposable
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(momento.Address);

    /// <param name="token">As <c>GET /token</c> gives it.</param>
    /// <param name="topic">A topic of the local cloud's cache.</param>
    public async Task<bool> CanPublishAsync(string token, string topic)
    {
        var key = JsonDocument.Parse(Convert.FromBase64String(token)).RootElement.GetProperty("api_key").GetString()!;
        try
        {
            var request = new _PublishRequest { CacheName = LocalCloud.CacheName, Topic = topic, Value = new() { Text = "x" } };
            await new Pubsub.PubsubClient(channel).PublishAsync(request, new Metadata { { "authorization", key } });
            return true;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.PermissionDenied)
        {
            return false;
        }
    }

    public void Dispose() => channel.Dispose();
}
