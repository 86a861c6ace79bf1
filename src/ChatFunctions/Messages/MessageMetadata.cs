using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChatFunctions.Messages;

/// <summary>What a client keeps with a message for itself: a flat object of strings, numbers and booleans, 512 bytes as JSON.</summary>
public static class MessageMetadata
{
    private const int MaxBytes = 512;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="sent">What the client sent.</param>
    /// <param name="json">As it is kept; null where it sent none.</param>
    /// <param name="error">What is wrong with it, for a person.</param>
    public static bool TryParse(JsonElement? sent, out string? json, [NotNullWhen(false)] out string? error)
    {
        (json, error) = (null, null);
        if (sent is null) return true;
        if (!IsUnicode(sent.Value)) error = "must be valid Unicode text";
        else if (!IsFlat(sent.Value)) error = "must be an object of strings, numbers and booleans";
        else if (Write(sent.Value) is not { Length: <= MaxBytes } bytes) error = $"must have at most {MaxBytes} bytes as JSON";
        else json = Encoding.UTF8.GetString(bytes);
        return error is null;
    }

    private static bool IsFlat(JsonElement sent) => sent.ValueKind == JsonValueKind.Object && sent.EnumerateObject().All(
        property => property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False);

    /// <summary>Half a surrogate pair, which JSON can spell, cannot be written.</summary>
    private static bool IsUnicode(JsonElement sent)
    {
        try
        {
            Write(sent);
            return true;
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    private static byte[] Write(JsonElement value)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Compact)) value.WriteTo(json);
        return bytes.ToArray();
    }
}
