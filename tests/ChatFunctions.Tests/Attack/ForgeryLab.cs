using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Attack;

/// <summary>An app that trusts <see cref="AttackedIssuer"/>, its log, and what an attacker has: a key and a server.</summary>
public sealed class ForgeryLab(TestCloud cloud) : IAsyncLifetime
{
    private readonly TcpListener attackersServer = new(IPAddress.Loopback, 0);
    private FunctionHost app = null!;

    public AttackedIssuer Issuer { get; private set; } = null!;

    public RSA AttackersKey { get; } = RSA.Create(2048);

    /// <summary>Serves nothing: that something connects to it is enough.</summary>
    public string AttackersAddress => $"http://{attackersServer.LocalEndpoint}/keys.json";

    public bool AttackersServerWasCalled => attackersServer.Pending();

    /// <summary>The app's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Of the app, at every level.</summary>
    public LogRecorder Logs { get; } = new();

    public Uri AppAddress => app.Address;

    /// <summary>A token as Entra ID makes it for alice, of this issuer.</summary>
    public TokenParts Token
    {
        get
        {
            var genuine = cloud.Local.Entra.CreateAccessToken("alice").Split('.');
            return new TokenParts(Decode(genuine[0]), Decode(genuine[1]))
                .WithHeader("kid", Issuer.KeyId).WithClaim("iss", Issuer.Authority);
        }
    }

    public string GoodToken => Token.SignWith(Issuer.Sign);

    /// <summary>A public key of the attacker's, under the name of the issuer's.</summary>
    public JsonObject AttackersPublicKey => AttackedIssuer.PublicKeyOf(AttackersKey, Issuer.KeyId);

    public byte[] SignAsAttacker(string text) =>
        AttackersKey.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public async ValueTask InitializeAsync()
    {
        attackersServer.Start();
        Issuer = await AttackedIssuer.StartAsync();
        app = await cloud.StartAppAsync(new() { ["Entra:Authority"] = Issuer.Authority }, Time, logs: Logs);
    }

    /// <summary>Asks for a page of rooms.</summary>
    /// <param name="authorization">The values of as many headers.</param>
    public async Task<HttpResponseMessage> CallAsync(params string[] authorization)
    {
        var headers = string.Concat(authorization.Select(value => $"Authorization: {value}\r\n"));
        using var client = new RawClient(app.Address);
        var request = $"GET /chats?limit=1 HTTP/1.1\r\nHost: {app.Address.Authority}\r\n{headers}\r\n";
        return await client.SendAsync(HttpMethod.Get, Encoding.UTF8.GetBytes(request));
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await Issuer.DisposeAsync();
        attackersServer.Dispose();
        AttackersKey.Dispose();
        Logs.Dispose();
    }

    private static string Decode(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));
}
