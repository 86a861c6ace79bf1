using System.Globalization;
using System.Text;

namespace ChatFunctions.Tests.Attack;

/// <summary>How a request says how long its body is.</summary>
public enum Framing
{
    None,
    Length,
    TooShortLength,
    HugeLength,
    OddLength,
    Chunked,
    ChunkedByByte,
    MalformedChunks,
    LengthAndChunked,
}

/// <summary>
/// A request as it goes over the wire; each character of the texts is a byte. <c>{room}</c>, <c>{code}</c>, <c>{token}</c> and the
/// like stand for what there is when it is sent.
/// </summary>
/// <param name="Headers">Whole lines.</param>
public sealed record FuzzRequest(string Method, string Target, IReadOnlyList<string> Headers, string Body, Framing Framing)
{
    /// <param name="values">What the names in braces stand for.</param>
    public byte[] ToBytes(IReadOnlyDictionary<string, string> values)
    {
        var body = Fill(Body, values);
        var head = Fill($"{Method} {Target} HTTP/1.1\r\n{string.Concat(Headers.Select(header => $"{header}\r\n"))}", values);
        return Encoding.Latin1.GetBytes($"{head}{LengthHeaders(body.Length)}\r\n{Framed(body)}");
    }

    /// <summary>To read and to repeat: what is not printable ASCII is escaped, and what is long is cut.</summary>
    public override string ToString() =>
        $"{Framing}: {Show(Method)} {Show(Target)} | {string.Join(" | ", Headers.Select(Show))} | {Show(Body)}";

    private static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        values.Aggregate(text, (filled, value) => filled.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal));

    private static string Show(string text)
    {
        const int most = 400;
        var shown = new StringBuilder();
        foreach (var c in text.Take(most))
        {
            if (c is >= ' ' and <= '~') shown.Append(c);
            else shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
        }

        return text.Length > most ? $"{shown}… ({text.Length} bytes)" : shown.ToString();
    }

    private string LengthHeaders(int length) => Framing switch
    {
        Framing.None => "",
        Framing.Length => $"Content-Length: {length}\r\n",
        Framing.TooShortLength => $"Content-Length: {length / 2}\r\n",
        Framing.HugeLength => "Content-Length: 99999999999\r\n",
        Framing.OddLength => $"Content-Length: -{length}\r\n",
        Framing.LengthAndChunked => $"Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n",
        _ => "Transfer-Encoding: chunked\r\n",
    };

    private string Framed(string body) => Framing switch
    {
        Framing.None => "",
        Framing.ChunkedByByte => $"{string.Concat(body.Select(c => $"1\r\n{c}\r\n"))}0\r\n\r\n",
        Framing.MalformedChunks => $"zz\r\n{body}\r\n0\r\n\r\n",
        Framing.Chunked or Framing.LengthAndChunked => $"{(body == "" ? "" : $"{body.Length:x}\r\n{body}\r\n")}0\r\n\r\n",
        _ => body,
    };
}
