using System.ComponentModel.DataAnnotations;

namespace ChatFunctions.Momento;

/// <summary>A host name, which may end in <c>:port</c>, and means TLS; or <c>http://</c> and a loopback address.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MomentoEndpointAttribute()
    : ValidationAttribute("Momento:Endpoint must be a host name, or an http:// address on loopback.")
{
    private const string PlaintextScheme = "http://";

    public override bool IsValid(object? value) => value switch
    {
        null or "" => true,
        string endpoint => IsPlaintext(endpoint)
            ? Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.IsLoopback && address.PathAndQuery == "/"
            : Uri.TryCreate($"https://{endpoint}", UriKind.Absolute, out var host) && host.PathAndQuery == "/",
        _ => false,
    };

    public static bool IsPlaintext(string endpoint) => endpoint.StartsWith(PlaintextScheme, StringComparison.OrdinalIgnoreCase);
}
