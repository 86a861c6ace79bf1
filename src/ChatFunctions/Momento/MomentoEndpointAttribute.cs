using System.ComponentModel.DataAnnotations;

namespace ChatFunctions.Momento;

/// <summary>
/// A host of Momento's, which may end in <c>:port</c>, and means TLS; or <c>http://</c> and a loopback address. The key is sent there, so
/// that no other host will do.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MomentoEndpointAttribute()
    : ValidationAttribute("Momento:Endpoint must be a host of Momento's, which ends in .momentohq.com, or an http:// address on loopback.")
{
    private const string PlaintextScheme = "http://";

    public override bool IsValid(object? value) => value switch
    {
        null or "" => true,
        string endpoint => IsPlaintext(endpoint)
            ? Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.IsLoopback && address.PathAndQuery == "/"
            : IsMomentos(endpoint),
        _ => false,
    };

    /// <param name="host">Without a scheme.</param>
    public static bool IsMomentos(string host) =>
        Uri.TryCreate($"https://{host}", UriKind.Absolute, out var address) &&
        address is { PathAndQuery: "/", UserInfo: "", Fragment: "" } &&
        address.Host.EndsWith(".momentohq.com", StringComparison.OrdinalIgnoreCase);

    public static bool IsPlaintext(string endpoint) => endpoint.StartsWith(PlaintextScheme, StringComparison.OrdinalIgnoreCase);
}
