using ChatFunctions.Local;
using ChatFunctions.Local.Entra;
using Xunit;

namespace ChatFunctions.Tests.Local;

/// <summary>One issuer for the tests of a class: its key takes a while to make.</summary>
public sealed class EntraFixture : IAsyncLifetime
{
    public EntraServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await EntraServer.StartAsync(LocalPort.Free, TimeProvider.System);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
