namespace ChatFunctions.Local;

/// <summary>Whom the local cloud answers in a browser, and where it sends one: this machine only.</summary>
internal static class LoopbackAddress
{
    /// <summary>An absolute http or https address on loopback, without a fragment; an origin is one, too.</summary>
    public static bool IsOnThisMachine(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https", Host: "localhost" or "127.0.0.1" or "[::1]", Fragment: "" };
}
