using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Core;

namespace ChatFunctions.Tests.Faults;

/// <summary>An answer that no service has given.</summary>
/// <param name="status">Of HTTP.</param>
/// <param name="body">Of <paramref name="contentType"/>.</param>
public sealed class MadeResponse(int status, string body, string contentType = "application/json") : Response
{
    private readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = contentType };

    public override int Status => status;
    public override string ReasonPhrase => "Made by a test";
    public override Stream? ContentStream { get; set; } = new MemoryStream(Encoding.UTF8.GetBytes(body));
    public override string ClientRequestId { get; set; } = "";

    public MadeResponse With(string header, string value)
    {
        headers[header] = value;
        return this;
    }

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool ContainsHeader(string name) => headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers.Select(header => new HttpHeader(header.Key, header.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }
}
