using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace ChatFunctions.Tests.Attack;

/// <summary>A JSON Web Token before it is signed (RFC 7515).</summary>
/// <param name="Header">How it is signed, as it says.</param>
/// <param name="Claims">JSON, or what is sent for it.</param>
public sealed record TokenParts(string Header, string Claims)
{
    /// <summary>The two parts that a signature is made of.</summary>
    public string Text => $"{Encode(Header)}.{Encode(Claims)}";

    public TokenParts WithHeader(Action<JsonObject> change) => this with { Header = Changed(Header, change) };

    public TokenParts WithClaims(Action<JsonObject> change) => this with { Claims = Changed(Claims, change) };

    public TokenParts WithHeader(string name, JsonNode? value) => WithHeader(header => Set(header, name, value));

    public TokenParts WithClaim(string name, JsonNode? value) => WithClaims(claims => Set(claims, name, value));

    public string SignWith(Func<string, byte[]> sign) => $"{Text}.{Base64Url.EncodeToString(sign(Text))}";

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static void Set(JsonObject json, string name, JsonNode? value)
    {
        if (value is null) json.Remove(name);
        else json[name] = value;
    }

    private static string Changed(string json, Action<JsonObject> change)
    {
        var changed = JsonNode.Parse(json)!.AsObject();
        change(changed);
        return changed.ToJsonString();
    }
}
