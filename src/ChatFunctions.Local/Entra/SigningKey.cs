using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatFunctions.Local.Entra;

/// <summary>The key of one run of the issuer: made at start, never written down. Signs with RS256, as Entra ID does.</summary>
internal sealed class SigningKey : IDisposable
{
    /// <summary>Of every token.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly JsonWebTokenHandler tokens = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly RSA rsa = RSA.Create(2048);
    private readonly RsaSecurityKey key;
    private readonly TimeProvider time;

    public SigningKey(TimeProvider time)
    {
        this.time = time;
        key = new RsaSecurityKey(rsa);
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
    }

    /// <summary>The public half as a JSON Web Key Set, RFC 7517.</summary>
    public object PublicKeys
    {
        get
        {
            var parameters = rsa.ExportParameters(includePrivateParameters: false);
            var (n, e) = (Base64UrlEncoder.Encode(parameters.Modulus), Base64UrlEncoder.Encode(parameters.Exponent));
            var key = new { kty = "RSA", use = "sig", alg = SecurityAlgorithms.RsaSha256, kid = this.key.KeyId, n, e };
            return new { keys = new[] { key } };
        }
    }

    /// <summary>A JSON Web Token that starts now, of these claims.</summary>
    /// <param name="claims">All but the times.</param>
    /// <param name="change">Edits them, the times too, before they are signed.</param>
    public string Sign(Dictionary<string, object> claims, Action<IDictionary<string, object>>? change = null)
    {
        var now = time.GetUtcNow();
        claims["iat"] = claims["nbf"] = now.ToUnixTimeSeconds();
        claims["exp"] = (now + Lifetime).ToUnixTimeSeconds();
        change?.Invoke(claims);
        return tokens.CreateToken(JsonSerializer.Serialize(claims), new SigningCredentials(key, SecurityAlgorithms.RsaSha256));
    }

    /// <summary>Checks the signature, the issuer, the audience and the times.</summary>
    public async Task<bool> IsGoodAsync(string token, string issuer, string audience)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var result = await tokens.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidIssuer = issuer,
            ValidAudience = audience,
            LifetimeValidator = (notBefore, expires, _, _) => notBefore <= now && now < expires,
        });
        return result.IsValid;
    }

    public void Dispose() => rsa.Dispose();
}
