using System.Buffers.Text;
using System.Collections.Concurrent;
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
/// else it says. It counts how often it is asked for its keys, and rolls them.
/// </summary>
public sealed class AttackedIssuer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentStack<(string Id, RSA Key)> keys = new([("key-of-the-issuer", RSA.Create(2048))]);
    private int reads;
    private int keyReads;
    private volatile bool isDown;
    private volatile bool tellsNoKeys;
    private volatile TaskCompletionSource keyAnswers = new();

    private AttackedIssuer(WebApplication app)
    {
        this.app = app;
        ReleaseKeys();
    }

    /// <summary>As the setting <c>Entra:Authority</c> has it.</summary>
    public string Authority { get; private set; } = "";

    /// <summary>What it signs with.</summary>
    public RSA Key => Newest.Key;

    public string KeyId => Newest.Id;

    /// <summary>How often somebody has begun to read the keys, which starts with where they are.</summary>
    public int Reads => reads;

    public int KeyReads => keyReads;

    public static async Task<AttackedIssuer> StartAsync()
    {
        var issuer = new AttackedIssuer(LoopbackServer.CreateBuilder(LocalPort.Free).Build());
        issuer.app.MapGet($"/{LocalTenant.TenantId}/v2.0/.well-known/openid-configuration", issuer.Describe);
        issuer.app.MapGet("/keys", issuer.KeysAsync);
        var address = await LoopbackServer.StartAsync(issuer.app, LocalPort.Free);
        issuer.Authority = $"{address}{LocalTenant.TenantId}/v2.0";
        return issuer;
    }

    /// <summary>From now on it signs with another key, and tells it beside those that it had.</summary>
    public void RollKey() => keys.Push(($"rolled-key-{keys.Count}", RSA.Create(2048)));

    /// <summary>From now on it fails when it is asked.</summary>
    public void GoDown() => isDown = true;

    public void ComeBack() => (isDown, tellsNoKeys) = (false, false);

    /// <summary>From now on it answers as if it had no keys.</summary>
    public void TellNoKeys() => tellsNoKeys = true;

    /// <summary>Keeps answers back that tell the keys as they were when it was asked, until <see cref="ReleaseKeys"/>.</summary>
    public void HoldKeys() => keyAnswers = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void ReleaseKeys() => keyAnswers.TrySetResult();

    /// <summary>What whoever asks for the keys gets of the newest: the public half.</summary>
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
        ReleaseKeys();
        await app.StopAsync();
        await app.DisposeAsync();
        foreach (var (_, key) in keys) key.Dispose();
    }

    private (string Id, RSA Key) Newest =>
        keys.TryPeek(out var newest) ? newest : throw new InvalidOperationException("It has no key.");

    /// <summary>Down, it answers 500: for a 503 whoever reads the keys asks twice.</summary>
    private IResult Describe()
    {
        Interlocked.Increment(ref reads);
        return isDown
            ? Results.StatusCode(StatusCodes.Status500InternalServerError)
            : Json(new JsonObject { ["issuer"] = Authority, ["jwks_uri"] = new Uri(new Uri(Authority), "/keys").ToString() });
    }

    private async Task<IResult> KeysAsync()
    {
        var told = tellsNoKeys ? [] : keys.Select(key => (JsonNode)PublicKeyOf(key.Key, key.Id)).ToArray();
        Interlocked.Increment(ref keyReads);
        await keyAnswers.Task;
        return Json(new JsonObject { ["keys"] = new JsonArray(told) });
    }

    private static IResult Json(JsonObject json) => Results.Text(json.ToJsonString(), "application/json");
}
