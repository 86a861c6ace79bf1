using System.Collections.Concurrent;
using Azure.Core;
using ChatFunctions.Local.KeyVault;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Faults;

/// <summary>
/// What an app's Azure clients send with, where a test causes faults of Table Storage request by request. Faults of connections, and of
/// other services, are an <see cref="HttpFaultProxy"/>'s.
/// </summary>
/// <param name="cloud">Whose Table Storage it is.</param>
/// <param name="tables">Another one.</param>
/// <param name="keyVault">The app's, if it is not the cloud's.</param>
public sealed class TableWire(TestCloud cloud, Uri? tables = null, KeyVaultServer? keyVault = null)
    : WrappedTransport((keyVault ?? cloud.Local.KeyVault).CreateTransport())
{
    /// <summary>As late as the service may be: it gives a write up after so long.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(30);

    /// <summary>Of late writes alone. The app's clock goes on meanwhile.</summary>
    private readonly FakeTimeProvider time = new();

    private readonly ConcurrentQueue<Task> late = new();
    private Func<Request, TableFault?> script = _ => null;
    private int requests;

    /// <summary>How many have come to Table Storage's door, whatever became of them.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>From now on the script says what becomes of a request; null passes it on.</summary>
    public void Follow(Func<Request, TableFault?> newScript) => Volatile.Write(ref script, newScript);

    /// <summary>Every request from now on meets the fault.</summary>
    public void Fail(TableFault fault, Func<Request, bool>? of = null) => Follow(request => of is null || of(request) ? fault : null);

    /// <summary>The request of this number, 0 the first from now on, meets the fault. Others pass.</summary>
    public void FailOnly(int number, TableFault fault, Func<Request, bool>? of = null) =>
        Follow(request => (of is null || of(request)) && Interlocked.Decrement(ref number) == -1 ? fault : null);

    public void Heal() => Follow(_ => null);

    /// <summary>The late writes are done, whatever the service makes of them.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> LandAsync()
    {
        time.Advance(Lateness);
        var landed = 0;
        for (; late.TryDequeue(out var write); landed++) await write;
        return landed;
    }

    public override ValueTask ProcessAsync(HttpMessage message)
    {
        if (message.Request.Uri.Port != (tables ?? cloud.Local.Storage.TableEndpoint).Port) return PassAsync(message);
        Interlocked.Increment(ref requests);
        return Volatile.Read(ref script)(message.Request) is { } fault ? fault(message, this) : PassAsync(message);
    }

    public ValueTask PassAsync(HttpMessage message) => SendAsync(message);

    /// <summary>Keeps a copy of a write, which the service sees late.</summary>
    public async Task KeepAsync(Request write)
    {
        var copy = CreateRequest();
        copy.Method = write.Method;
        copy.Uri.Reset(write.Uri.ToUri());
        foreach (var header in write.Headers) copy.Headers.Add(header);
        if (write.Content is { } content)
        {
            var body = new MemoryStream();
            await content.WriteToAsync(body, default);
            copy.Content = RequestContent.Create(body.ToArray());
        }

        late.Enqueue(SendLateAsync(copy));
    }

    private async Task SendLateAsync(Request write)
    {
        await Task.Delay(Lateness, time);
        using var message = new HttpMessage(write, new ResponseClassifier());
        await PassAsync(message);
        Assert.NotEqual(403, message.Response.Status);
    }
}
