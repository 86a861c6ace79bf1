using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChatFunctions.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ChatFunctions.Http;

/// <summary>Reads the JSON object that a request carries.</summary>
public static class JsonBody
{
    /// <summary>In bytes, where an operation says nothing else; the longest valid body is far shorter.</summary>
    private const int UsualMaxBytes = 4096;

    /// <exception cref="ChatException">It is too large, too slow, absent, not declared as JSON, no JSON object or not of the
    /// shape.</exception>
    /// <param name="maxBytes">More are refused.</param>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellation, int maxBytes = UsualMaxBytes) =>
        Parse<T>(request, await ReadBytesAsync(request, maxBytes, cancellation));

    /// <summary>The same where a request needs no body.</summary>
    /// <returns>Null if there is none.</returns>
    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<T?> ReadIfAnyAsync<T>(HttpRequest request, CancellationToken cancellation) where T : class
    {
        var body = await ReadBytesAsync(request, UsualMaxBytes, cancellation);
        return body.IsEmpty ? null : Parse<T>(request, body);
    }

    private static T Parse<T>(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith(Encoding.UTF8.Preamble)) body = body[Encoding.UTF8.Preamble.Length..];
        if (!IsJson(request.ContentType, body.IsEmpty)) throw new ChatException(ErrorCode.NotJson);
        var json = request.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var shape = (JsonTypeInfo<T>)json.GetTypeInfo(typeof(T));
        try
        {
            return JsonSerializer.Deserialize(body.Span, shape) ?? throw new ChatException(ErrorCode.MalformedBody);
        }
        catch (JsonException error)
        {
            throw ErrorOf(error, shape);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
        if (request.ContentLength > maxBytes) throw TooLarge(maxBytes);
        var buffer = new byte[maxBytes + 1];
        try
        {
            var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            return length <= maxBytes ? buffer.AsMemory(0, length) : throw TooLarge(maxBytes);
        }
        catch (OperationCanceledException late)
        {
            // It is the client that is waited for, and no service.
            throw new ChatException(ErrorCode.BodyTooSlow, late);
        }
    }

    /// <summary>An absent body needs no type: that it is absent is the better answer.</summary>
    private static bool IsJson(string? contentType, bool isEmpty)
    {
        if (string.IsNullOrEmpty(contentType)) return isEmpty;
        return MediaTypeHeaderValue.TryParse(contentType, out var type)
            && type.MatchesMediaType("application/json")
            && (type.Charset.Length == 0 || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// The serializer's path, such as <c>$.chatName</c>, names the field; its message may quote the input, and the path, too, where
    /// the field is none of ours.
    /// </summary>
    private static ChatException ErrorOf(JsonException error, JsonTypeInfo shape)
    {
        var field = shape.Properties.FirstOrDefault(property => error.Path == $"$.{property.Name}");
        return field is null
            ? new ChatException(ErrorCode.MalformedBody, error)
            : ChatException.Invalid(field.Name, "has a value that is not of its type");
    }

    private static ChatException TooLarge(int maxBytes) =>
        new(ErrorCode.BodyTooLarge) { Argument = maxBytes.ToString(CultureInfo.InvariantCulture) };
}
