using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ChatFunctions.Local.Entra;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatFunctions.Tests.Attack;

/// <summary>A way to get in without a token that is good.</summary>
/// <param name="Name">What it is, in a few words.</param>
/// <param name="Authorization">The values of the headers that it sends.</param>
/// <param name="Status">What it must be answered.</param>
public sealed record Forgery(string Name, Func<ForgeryLab, string[]> Authorization, int Status = 401)
{
    private const string OtherTenant = "10ca1000-0000-4000-8000-00000000ffff";
    private static readonly string[] NoneAlgorithms = ["none", "None", "NONE", "nOnE", ""];

    private static readonly string[] BadKeyIds =
    [
        "../../../../dev/null", "/etc/passwd", "x' OR '1'='1", "'; DROP TABLE rooms; --", "http://localhost/key",
        "key\0-of-the-issuer", "${jndi:ldap://x}", "",
    ];

    public static IReadOnlyList<Forgery> All { get; } =
    [
        // Without a token
        new("no header", _ => []),
        Header("an empty header", ""),
        Header("Bearer alone", "Bearer"),
        Header("Bearer and a space", "Bearer "),
        Header("Basic", "Basic YWxpY2U6eA=="),
        new("a good token as Basic", lab => [$"Basic {lab.GoodToken}"]),
        new("a good token without a scheme", lab => [lab.GoodToken]),
        new("a good token after Bearer twice", lab => [$"Bearer Bearer {lab.GoodToken}"]),

        // What is no token
        Header("garbage", "Bearer nonsense"),
        Header("garbage in three parts", "Bearer non.sen.se"),
        Header("three empty parts", "Bearer .."),
        Header("other alphabets", "Bearer токен.令牌.🎟"),
        Header("not base64url", "Bearer +/=.+/=.+/="),
        Header("30 KB of one letter", $"Bearer {new string('a', 30_000)}"),
        Header("30 KB of full stops", $"Bearer {new string('.', 30_000)}"),
        Header("deeply nested JSON", $"Bearer {new TokenParts(new string('[', 9000), new string('[', 9000)).Text}.AAAA"),
        Token("a header that is no JSON", lab => (lab.Token with { Header = "RS256" }).SignWith(lab.Issuer.Sign)),
        Token("claims that are no JSON", lab => (lab.Token with { Claims = "alice" }).SignWith(lab.Issuer.Sign)),
        Token("claims that are an array", lab => (lab.Token with { Claims = $"[{lab.Token.Claims}]" }).SignWith(lab.Issuer.Sign)),
        Token("a token of 30 KB", lab => lab.Token.WithClaim("name", new string('a', 22_000)).SignWith(lab.SignAsAttacker)),

        // A good token that was changed
        Token("altered claims", lab => Resigned(lab, parts => parts.WithClaim("oid", Guid.NewGuid().ToString()))),
        Token("a claim put twice", lab => Resigned(lab, parts => parts with
        {
            Claims = $$"""{"oid":"{{Guid.NewGuid()}}",{{parts.Claims[1..]}}""",
        })),
        Token("an altered header", lab => Resigned(lab, parts => parts.WithHeader("typ", "at+jwt"))),
        Token("a header with crit", lab => Resigned(lab, parts => parts.WithHeader("crit", new JsonArray("exp")))),
        Token("a header with b64 false", lab => Resigned(lab, parts => parts
            .WithHeader("b64", false).WithHeader("crit", new JsonArray("b64")))),
        Token("the signature of another token", lab =>
            $"{lab.Token.Text}.{lab.Token.WithClaim("uti", "x").SignWith(lab.Issuer.Sign).Split('.')[2]}"),
        Token("no signature", lab => $"{lab.Token.Text}."),
        Token("no third part", lab => lab.Token.Text),
        Token("a truncated signature", lab => lab.GoodToken[..^8]),
        Token("a signature with more behind it", lab => $"{lab.GoodToken}AAAA"),
        Token("a signature of zeros", lab => lab.Token.SignWith(_ => new byte[256])),
        Token("a fourth part", lab => $"{lab.GoodToken}.AAAA"),
        Token("a space inside", lab => lab.GoodToken.Insert(100, " ")),
        Token("a tab inside", lab => lab.GoodToken.Insert(100, "\t")),
        Token("percent encoding inside", lab => lab.GoodToken.Replace(".", "%2E", StringComparison.Ordinal)),
        Token("encrypted, in five parts", Encrypted),
        Token("encrypted, in parts that are not base64url", lab => $"{lab.Token.Text.Split('.')[0]}.{{}}.AAAA.AAAA.AAAA"),

        // Another key, or another algorithm
        .. NoneAlgorithms.SelectMany(alg => new[]
        {
            Token($"alg '{alg}' without a signature", lab => $"{lab.Token.WithHeader("alg", alg).Text}."),
            Token($"alg '{alg}' with a good signature", lab => lab.Token.WithHeader("alg", alg).SignWith(lab.Issuer.Sign)),
        }),
        Token("no alg", lab => lab.Token.WithHeader("alg", null).SignWith(lab.Issuer.Sign)),
        Token("HS256 by the public key in PEM", lab => Hashed(lab, "HS256", HMACSHA256.HashData, Encoding.UTF8.GetBytes(PemOf(lab)))),
        Token("HS256 by the public key in DER", lab =>
            Hashed(lab, "HS256", HMACSHA256.HashData, lab.Issuer.Key.ExportSubjectPublicKeyInfo())),
        Token("HS256 by the modulus", lab =>
            Hashed(lab, "HS256", HMACSHA256.HashData, lab.Issuer.Key.ExportParameters(false).Modulus!)),
        Token("HS256 by the public key in JSON", lab =>
            Hashed(lab, "HS256", HMACSHA256.HashData, Encoding.UTF8.GetBytes(lab.Issuer.PublicKey.ToJsonString()))),
        Token("HS256 by nothing", lab => Hashed(lab, "HS256", HMACSHA256.HashData, [])),
        Token("HS384 by the public key", lab => Hashed(lab, "HS384", HMACSHA384.HashData, Encoding.UTF8.GetBytes(PemOf(lab)))),
        Token("HS512 by the public key", lab => Hashed(lab, "HS512", HMACSHA512.HashData, Encoding.UTF8.GetBytes(PemOf(lab)))),
        Token("RS384 by the issuer's key", lab => SignedAs(lab, "RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1)),
        Token("RS512 by the issuer's key", lab => SignedAs(lab, "RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1)),
        Token("PS256 by the issuer's key", lab => SignedAs(lab, "PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
        Token("RS256 that is PS256", lab => SignedAs(lab, "RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
        Token("RS256 that is SHA-1", lab => SignedAs(lab, "RS256", HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1)),
        Token("ES256", SignedByCurve),
        Token("another key of the same kid", lab => lab.Token.SignWith(lab.SignAsAttacker)),
        Token("another key of another kid", lab => lab.Token.WithHeader("kid", "key-of-an-attacker").SignWith(lab.SignAsAttacker)),
        Token("another key without a kid", lab => lab.Token.WithHeader("kid", null).SignWith(lab.SignAsAttacker)),
        .. BadKeyIds.Select(kid => Token($"a kid of {kid.Replace("\0", "\\0", StringComparison.Ordinal)}", lab =>
            lab.Token.WithHeader("kid", kid).SignWith(lab.SignAsAttacker))),
        Token("a kid that is a number", lab => lab.Token.WithHeader("kid", 1).SignWith(lab.SignAsAttacker)),
        Token("a kid that is an object", lab => lab.Token.WithHeader("kid", new JsonObject()).SignWith(lab.SignAsAttacker)),
        Token("jku to the attacker's server", lab => Pointed(lab, "jku")),
        Token("x5u to the attacker's server", lab => Pointed(lab, "x5u")),
        Token("the attacker's key as jwk", lab => lab.Token.WithHeader("jwk", lab.AttackersPublicKey).SignWith(lab.SignAsAttacker)),
        Token("the attacker's certificate as x5c", lab =>
            lab.Token.WithHeader("x5c", new JsonArray(Certificate(lab))).SignWith(lab.SignAsAttacker)),

        // The issuer's own, for somebody or something else
        Claim("another issuer", "iss", "http://localhost:1/10ca1000-0000-4000-8000-000000000000/v2.0"),
        Claim("an issuer of the old form", "iss", $"https://sts.windows.net/{LocalTenant.TenantId}/"),
        Claim("no issuer", "iss", null),
        Token("the issuer with a slash", lab => lab.Token.WithClaim("iss", $"{lab.Issuer.Authority}/").SignWith(lab.Issuer.Sign)),
        Token("the issuer in capitals", lab =>
            lab.Token.WithClaim("iss", lab.Issuer.Authority.ToUpperInvariant()).SignWith(lab.Issuer.Sign)),
        Token("the issuer of another tenant", lab => lab.Token.WithClaim("iss", OtherIssuer(lab)).SignWith(lab.Issuer.Sign)),
        Token("issuer and tid of another tenant", lab =>
            lab.Token.WithClaim("tid", OtherTenant).WithClaim("iss", OtherIssuer(lab)).SignWith(lab.Issuer.Sign)),
        Claim("tid of another tenant", "tid", OtherTenant),
        Claim("an empty tid", "tid", ""),
        Claim("no tid", "tid", null),
        Claim("another audience", "aud", "10ca1000-0000-4000-8000-00000000ffff"),
        Claim("the client as the audience, as in an ID token", "aud", LocalTenant.WebClientId),
        Claim("Microsoft Graph as the audience", "aud", "00000003-0000-0000-c000-000000000000"),
        Claim("several audiences without this one", "aud", new JsonArray(LocalTenant.WebClientId, "api://other")),
        Claim("an audience that begins as this one", "aud", $"{LocalTenant.ApiClientId}0"),
        Claim("no audience", "aud", null),
        Claim("no oid", "oid", null),
        Claim("an oid that is a name", "oid", "alice"),
        Claim("an oid in braces", "oid", "{10ca1000-0000-4000-8000-000000000009}"),
        Claim("an oid that is a number", "oid", 7),
        Claim("expired", "exp", Epoch(-60)),
        Claim("expired long ago", "exp", 1),
        Claim("no expiry", "exp", null),
        Claim("an expiry that is text", "exp", "never"),
        Claim("an expiry beyond all calendars", "exp", 1e300),
        Claim("not yet valid", "nbf", Epoch(1_800)),
        Claim("no scope", "scp", null, 403),
        Claim("an empty scope", "scp", "", 403),
        Claim("another scope", "scp", "Chat.Read", 403),
        Claim("a scope that begins as the right one", "scp", "Chat.Access.All Other", 403),
        Claim("the scope in small letters", "scp", "chat.access", 403),
        Claim("the scope in its long form", "scp", LocalTenant.FullScope, 403),
        Claim("scopes with a tab between", "scp", "Chat.Access\tOther", 403),
        Token("an app's own token", lab => lab.Token.WithClaim("scp", null).WithClaim("idtyp", "app")
            .WithClaim("roles", new JsonArray(LocalTenant.Scope)).SignWith(lab.Issuer.Sign), 403),

        // Two headers
        new("a good token and then a bad one", lab => [$"Bearer {lab.GoodToken}", "Bearer nonsense"]),
        new("a bad token and then a good one", lab => ["Bearer nonsense", $"Bearer {lab.GoodToken}"]),
        new("two good tokens", lab => [$"Bearer {lab.GoodToken}", $"Bearer {lab.GoodToken}"]),
        new("two good tokens in one header", lab => [$"Bearer {lab.GoodToken}, Bearer {lab.GoodToken}"]),
        new("an empty header and then a good token", lab => ["", $"Bearer {lab.GoodToken}"]),
    ];

    private static Forgery Header(string name, string value) => new(name, _ => [value]);

    private static Forgery Token(string name, Func<ForgeryLab, string> token, int status = 401) =>
        new(name, lab => [$"Bearer {token(lab)}"], status);

    /// <summary>Signed by the issuer itself.</summary>
    private static Forgery Claim(string name, string claim, JsonNode? value, int status = 401) =>
        Token(name, lab => lab.Token.WithClaim(claim, value?.DeepClone()).SignWith(lab.Issuer.Sign), status);

    /// <summary>With the signature that it had before the change.</summary>
    private static string Resigned(ForgeryLab lab, Func<TokenParts, TokenParts> change)
    {
        var genuine = lab.Token;
        return change(genuine).SignWith(_ => lab.Issuer.Sign(genuine.Text));
    }

    private static string OtherIssuer(ForgeryLab lab) =>
        lab.Issuer.Authority.Replace(LocalTenant.TenantId, OtherTenant, StringComparison.Ordinal);

    private static string PemOf(ForgeryLab lab) => lab.Issuer.Key.ExportSubjectPublicKeyInfoPem();

    private static string Hashed(ForgeryLab lab, string alg, Func<byte[], byte[], byte[]> hash, byte[] secret) =>
        lab.Token.WithHeader("alg", alg).SignWith(text => hash(secret, Encoding.ASCII.GetBytes(text)));

    private static string SignedAs(ForgeryLab lab, string alg, HashAlgorithmName hash, RSASignaturePadding padding) =>
        lab.Token.WithHeader("alg", alg).SignWith(text => lab.Issuer.Key.SignData(Encoding.ASCII.GetBytes(text), hash, padding));

    private static string SignedByCurve(ForgeryLab lab)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return lab.Token.WithHeader("alg", "ES256")
            .SignWith(text => key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));
    }

    private static string Pointed(ForgeryLab lab, string header) =>
        lab.Token.WithHeader(header, lab.AttackersAddress).WithHeader("kid", "key-of-an-attacker").SignWith(lab.SignAsAttacker);

    private static string Certificate(ForgeryLab lab)
    {
        var request = new CertificateRequest(
            "CN=attacker", lab.AttackersKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        return Convert.ToBase64String(certificate.RawData);
    }

    private static string Encrypted(ForgeryLab lab)
    {
        var key = new RsaSecurityKey(lab.Issuer.Key) { KeyId = lab.Issuer.KeyId };
        var credentials = new EncryptingCredentials(key, SecurityAlgorithms.RsaOAEP, SecurityAlgorithms.Aes256CbcHmacSha512);
        return new JsonWebTokenHandler().EncryptToken(lab.GoodToken, credentials);
    }

    private static long Epoch(int secondsFromNow) => DateTimeOffset.UtcNow.AddSeconds(secondsFromNow).ToUnixTimeSeconds();
}
