using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ChatFunctions.Local.Momento.Wire;
using Google.Protobuf;

namespace ChatFunctions.Local.Momento;

/// <summary>
/// Tokens that carry what they open, signed with a key of this process: nothing is kept of them, however many are made.
/// </summary>
public sealed class DisposableTokens
{
    private readonly byte[] signingKey = RandomNumberGenerator.GetBytes(32);

    public string Issue(DisposableTokenClaims claims) => Sign(Base64Url.EncodeToString(claims.ToByteArray()));

    /// <returns>Null for what was not issued here. Expiry is the caller's to check.</returns>
    public DisposableTokenClaims? Read(string token)
    {
        var body = token.Split('.')[0];
        var isGenuine = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(body)), Encoding.UTF8.GetBytes(token));
        return isGenuine ? DisposableTokenClaims.Parser.ParseFrom(Base64Url.DecodeFromChars(body)) : null;
    }

    private string Sign(string body) =>
        $"{body}.{Base64Url.EncodeToString(HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(body)))}";
}
