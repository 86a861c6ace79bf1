using System.ComponentModel.DataAnnotations;

namespace ChatFunctions.Settings;

/// <summary>An absolute https address. Null and empty are good.</summary>
/// <param name="setting">The setting's name, for the error.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpsAddressAttribute(string setting) : ValidationAttribute
{
    /// <summary>Plain http is good too, on loopback.</summary>
    public bool OrLoopback { get; set; }

    public override bool IsValid(object? value) =>
        value is null or "" || (Uri.TryCreate(value as string, UriKind.Absolute, out var address) && IsAllowed(address, OrLoopback));

    public override string FormatErrorMessage(string name) =>
        $"{setting} must be an https address{(OrLoopback ? ", or an http one on loopback" : "")}.";

    /// <summary>https, or what never leaves the machine.</summary>
    public static bool IsAllowed(Uri address, bool orLoopback) =>
        address.Scheme == Uri.UriSchemeHttps || (orLoopback && address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
}
