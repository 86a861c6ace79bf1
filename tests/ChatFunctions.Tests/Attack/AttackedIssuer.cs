using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ChatFunctions.Local;
using ChatFunctions.Local.Entra;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Tests.Attack;

/// <summary>
/// An issuer that the app trusts and whose key the test holds, so that a token can have a good signature and be wrong in whatever
/// else it says. It counts how often it is asked for its keys.
/// </summary>
public sealed class AttackedIssuer : IAsyncDisposable
{
    public const string KeyId = "key-of-the-issuer";

    private readonly WebApplication app;
    private int keyReads;
    private volatile bool isDown;

    private AttackedIssuer(WebApplication app) => this.app = app;

    /// <summary>As the setting <c>Entra:Authority</c> has it.</summary>
    public string Authority { get; private set; } = "";

    public RSA Key { get; } = RSA.Create(2048);

    public int KeyReads => keyReads;

    public static async Task<AttackedIssuer> StartAsync()
    {
        var issuer = new AttackedIssuer(LoopbackServer.CreateBuilder(LocalPort.Free).Build());
        issuer.app.MapGet($"/{LocalTenant.TenantId}/v2.0/.well-known/openid-configuration", issuer.Describe);
        issuer.app.MapGet("/keys", issuer.Keys);
        var address = await LoopbackServer.StartAsync(issuer.app, LocalPort.Free);
        issuer.Authority = $"{address}{LocalTenant.TenantId}/v2.0";
        return issuer;
    }

    /// <summary>From now on it answers that it is unavailable.</summary>
    public void GoDown() => isDown = true;

    /// <summary>What whoever asks for the keys gets: the public half.</summary>
    public JsonObject PublicKey => PublicKeyOf(Key, KeyId);

    public static JsonObject PublicKeyOf(RSA key, string keyId)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = keyId,
            ["n"] = Base64Url.EncodeToString(parameters.Modulus),
            ["e"] = Base64Url.EncodeToString(parameters.Exponent),
        };
    }

    /// <summary>RS256, with the issuer's key.</summary>
    public byte[] Sign(string text) =>
        Key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Key.Dispose();
    }

    private IResult Describe() => isDown
        ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
        : Json(new JsonObject { ["issuer"] = Authority, ["jwks_uri"] = new Uri(new Uri(Authority), "/keys").ToString() });

    private IResult Keys()
    {
        Interlocked.Increment(ref keyReads);
        return Json(new JsonObject { ["keys"] = new JsonArray(PublicKey) });
    }

    private static IResult Json(JsonObject json) => Results.Text(json.ToJsonString(), "application/json");
}
