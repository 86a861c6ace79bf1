using System.Globalization;
using System.Text.RegularExpressions;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The host names of Azure's services. Templates ask <c>environment()</c> for them, since each cloud has its own.</summary>
internal static partial class CloudSuffixes
{
    private static readonly Dictionary<string, string> OfPublicCloud = new()
    {
        ["environment().suffixes.storage"] = "core.windows.net",
        ["environment().suffixes.keyvaultDns"] = ".vault.azure.net",
    };

    /// <summary>Evaluates a <c>format</c> of texts and suffixes. Any other value stays what it is.</summary>
    public static string Fill(string value)
    {
        var format = Format().Match(value);
        if (!format.Success) return value;
        var arguments = format.Groups[2].Value.Split(", ")
            .Select(argument => OfPublicCloud.GetValueOrDefault(argument) ?? argument.Trim('\''));
        return string.Format(CultureInfo.InvariantCulture, format.Groups[1].Value, [.. arguments]);
    }

    [GeneratedRegex(@"^\[format\('([^']*)', ((?:[^()]|\(\))*)\)\]$")]
    private static partial Regex Format();
}
