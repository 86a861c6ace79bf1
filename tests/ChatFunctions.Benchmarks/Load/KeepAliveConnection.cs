using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChatFunctions.Benchmarks.Load;

/// <summary>
/// One connection to a Kestrel on this machine, for one request after the other. It does as little as can be, so that what is
/// measured is the server and not the client.
/// </summary>
internal sealed class KeepAliveConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[64 * 1024];

    public static async Task<KeepAliveConnection> OpenAsync(Uri address)
    {
        var connection = new KeepAliveConnection();
        await connection.socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return connection;
    }

    /// <param name="target">Path and query.</param>
    /// <param name="userToken">Of the user who asks.</param>
    /// <param name="json">The body, if there is one.</param>
    public static byte[] Request(string method, string target, string userToken, string? json = null) => Encoding.ASCII.GetBytes(
        $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {userToken}\r\n"
        + (json is null ? "\r\n" : $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"));

    /// <returns>The answer with its headers, good until the next request.</returns>
    /// <exception cref="HttpRequestException">It is not a success.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> request)
    {
        await socket.SendAsync(request);
        var length = 0;
        do
        {
            if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0) throw new HttpRequestException("The server has closed the connection.");
            length += read;
        }
        while (!IsWhole(buffer.AsSpan(0, length)));

        if (buffer.AsSpan().StartsWith("HTTP/1.1 2"u8)) return buffer.AsMemory(0, length);
        throw new HttpRequestException(Encoding.UTF8.GetString(buffer, 0, length));
    }

    /// <param name="answer">A whole one.</param>
    /// <param name="start">The line break before the header, and its name as Kestrel writes it, with the colon.</param>
    /// <returns>The header's value, or null.</returns>
    public static string? Header(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> start)
    {
        var headers = answer[..(answer.IndexOf("\r\n\r\n"u8) + 2)];
        var at = headers.IndexOf(start);
        if (at < 0) return null;
        var value = headers[(at + start.Length)..];
        return Encoding.ASCII.GetString(value[..value.IndexOf("\r\n"u8)]).Trim();
    }

    public void Dispose() => socket.Dispose();

    /// <summary>A chunked JSON text ends where its last chunk does, since no JSON text holds a bare line break.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var headers = answer.IndexOf("\r\n\r\n"u8);
        if (headers < 0) return false;
        return Header(answer, "\r\nContent-Length:"u8) is { } length
            ? answer.Length == headers + 4 + int.Parse(length, CultureInfo.InvariantCulture)
            : answer.EndsWith("\r\n0\r\n\r\n"u8);
    }
}
