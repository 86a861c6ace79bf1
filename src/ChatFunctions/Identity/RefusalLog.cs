using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatFunctions.Identity;

/// <summary>
/// Says in the log why tokens are refused, for whoever has set something wrong: one line a fault and minute, since anyone may send
/// any number of bad tokens. Of what a token says there is nothing in it but an id of an API.
/// </summary>
public sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> log)
{
    private const string ApiScheme = "api://";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<TokenFault, long> written = [];

    /// <param name="fault">What is wrong with a token.</param>
    public void Write(TokenFault fault) => Write(fault, ReasonOf(fault));

    /// <param name="token">A token that JwtBearer does not take.</param>
    /// <param name="failure">Why.</param>
    public void Write(JsonWebToken token, Exception? failure)
    {
        var fault = FaultOf(failure);
        var audience = fault == TokenFault.Audience ? ApiIdOf(token) : null;
        Write(fault, audience is null ? ReasonOf(fault) : $"its audience, {audience}, is not in Entra:Audiences");
    }

    private static string ReasonOf(TokenFault fault) => fault switch
    {
        TokenFault.Form => "the header Authorization is not one bearer token that names its key",
        TokenFault.Key => "Entra ID has no such key as it names",
        TokenFault.Signature => "its signature is not good",
        TokenFault.Lifetime => "it has expired or is not valid yet",
        TokenFault.Audience => "its audience is not in Entra:Audiences",
        TokenFault.Issuer => "its issuer is not the one that Entra:Authority names",
        TokenFault.Tenant => "its tenant (tid) is not the one in Entra:Authority",
        TokenFault.User => "it names no user (oid)",
        TokenFault.Scope => "its scopes (scp) are without Entra:RequiredScope",
        _ => "it is not valid",
    };

    private static TokenFault FaultOf(Exception? failure) => failure switch
    {
        SecurityTokenInvalidAudienceException => TokenFault.Audience,
        SecurityTokenInvalidIssuerException => TokenFault.Issuer,
        SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException
            or SecurityTokenInvalidLifetimeException => TokenFault.Lifetime,
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException => TokenFault.Signature,
        _ => TokenFault.Other,
    };

    /// <returns>The one id that the audience is, with or without <c>api://</c>, written anew; null if it is anything else.</returns>
    private static string? ApiIdOf(JsonWebToken token)
    {
        if (token.Audiences.ToArray() is not [var audience]) return null;
        var scheme = audience.StartsWith(ApiScheme, StringComparison.Ordinal) ? ApiScheme : "";
        // The parser overlooks white space around an id.
        return audience.Length == scheme.Length + 36 && Guid.TryParseExact(audience.AsSpan(scheme.Length), "D", out var id)
            ? $"{scheme}{id}"
            : null;
    }

    private void Write(TokenFault fault, string reason)
    {
        lock (gate)
        {
            if (written.TryGetValue(fault, out var last) && time.GetElapsedTime(last) < Interval) return;
            written[fault] = time.GetTimestamp();
        }

        LogRefused(reason);
    }

    [LoggerMessage(EventName = "TokenRefused", Level = LogLevel.Warning, Message = "A token was refused: {Reason}.")]
    private partial void LogRefused(string reason);
}
