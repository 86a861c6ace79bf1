using System.ComponentModel.DataAnnotations;

namespace ChatFunctions.Http;

/// <summary>An absolute address with https; plain http is good on loopback only. Null and empty are good.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpsOrLoopbackAttribute : ValidationAttribute
{
    public HttpsOrLoopbackAttribute(string setting) =>
        ErrorMessage = $"{setting} must be an https address (http on loopback only).";

    public override bool IsValid(object? value) => value switch
    {
        null or "" => true,
        string text => Uri.TryCreate(text, UriKind.Absolute, out var address) && IsGood(address),
        _ => false,
    };

    private static bool IsGood(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
}
