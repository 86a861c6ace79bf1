using System.Text.Json;
using ChatFunctions.Tests.Node;

namespace ChatFunctions.Tests.Client;

/// <summary>A message as the client package shows it.</summary>
/// <param name="Number">Null as long as it is not known to be kept.</param>
/// <param name="Text">Null once it is deleted.</param>
/// <param name="Status"><c>sending</c>, <c>sent</c> or <c>failed</c>.</param>
public sealed record ShownMessage(long? Number, string? Id, long Version, string? Text, string Status, IReadOnlyList<ShownReaction> Reactions);

/// <summary>An emoji as the client package shows it.</summary>
/// <param name="Mine">Whether the user has reacted so.</param>
public sealed record ShownReaction(string Emoji, int Count, bool Mine = false);

/// <summary>A room as the client package shows it.</summary>
/// <param name="Status">Such as <c>live</c>.</param>
/// <param name="Error">Why it is not.</param>
/// <param name="News">The numbers of the messages that it has called new, in that order.</param>
public sealed record ShownRoom(string Status, string? Error, IReadOnlyList<ShownMessage> Messages, IReadOnlyList<long> News);

/// <summary>A room that somebody has open with the client package, in a <see cref="ClientLab"/>.</summary>
public sealed class ClientRoom(NodeProcess node, int id)
{
    public async Task<ShownRoom> ShownAsync() =>
        (await node.CallAsync("state", new { client = id })).Deserialize<ShownRoom>(JsonSerializerOptions.Web)!;

    /// <summary>Waits, at most a while, until it is shown so.</summary>
    public async Task<ShownRoom> UntilAsync(Func<ShownRoom, bool> condition)
    {
        var deadline = DateTimeOffset.UtcNow.AddSeconds(40);
        while (true)
        {
            var shown = await ShownAsync();
            if (condition(shown)) return shown;
            Assert.True(DateTimeOffset.UtcNow < deadline, $"{shown.Status} ({shown.Error}): {string.Join(", ", shown.Messages)}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Does not wait until it is sent.</summary>
    public Task SendAsync(string text) => node.CallAsync("send", new { client = id, text });

    /// <summary>Calls a method of the room.</summary>
    /// <param name="method">Such as <c>edit</c>.</param>
    /// <param name="number">Of the message that it is about, which is shown.</param>
    /// <param name="arguments">What comes after.</param>
    /// <exception cref="NodeException">It fails; the code is the error's name.</exception>
    public Task<JsonElement> CallAsync(string method, long? number = null, params object[] arguments) =>
        node.CallAsync("call", new { client = id, method, number, args = arguments });

    /// <summary>How many messages of the room the list says are unread.</summary>
    public async Task<int> UnreadAsync() => (await node.CallAsync("unread", new { client = id })).GetInt32();

    /// <summary>Somebody has told it that the network is back.</summary>
    public Task WakeAsync() => node.CallAsync("wake", new { client = id });

    public Task CloseAsync() => node.CallAsync("close", new { client = id });
}
