using System.Text;

namespace ChatFunctions.Text;

/// <summary>
/// The library by which .NET normalizes. Without it .NET takes every text for normal: two spellings of a name would be two names.
/// </summary>
public static class Icu
{
    /// <exception cref="PlatformNotSupportedException">.NET runs in invariant-globalization mode.</exception>
    public static void EnsurePresent()
    {
        if ("e\u0301".Normalize(NormalizationForm.FormC) == "\u00E9") return;
        throw new PlatformNotSupportedException(
            "Unicode normalization needs ICU, and .NET runs without it: install libicu, and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
    }
}
