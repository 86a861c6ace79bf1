using System.Text;
using ChatFunctions.Tests.Cloud;
using CsCheck;

namespace ChatFunctions.Tests.Attack;

/// <summary>Requests from nearly right to garbage, over every operation that openapi.json describes.</summary>
public static class FuzzGen
{
    private static readonly string[] OddTexts =
    [
        "", " ", ".", "..", "...", "-", "~", "!", "*", "'", "\"", "\\", "$filter", "a+b", "a;b", "İıŞ", "ﷺ", "𐀀",
        "%", "%%", "%zz", "%00", "%0d%0a", "%2F", "%2e%2e%2f", "%ff", "%ed%a0%80", "%f4%90%80%80", "%c0%ae", "%EF%BF%BE",
        "null", "undefined", "0", "-1", "1e9", "2147483648", "99999999999999999999999999", "' or 1 eq 1",
        "PartitionKey", "invite.", "P", "P0123456789012345678901", "{room}", "{private}", "{code}", "{me}", "{other}",
    ];

    private static readonly string[] JsonTexts =
    [
        "public", "private", "{code}", "\\u0000", "\\ud800", "\\udc00\\ud800", "\\ufffe", "\\u202e", "\\x", "\\u12", "e\\u0301",
    ];

    private static readonly string[] JsonLiterals =
    [
        "null", "true", "0", "-0", "1e999", "123456789012345678901234567890", "NaN", "'a'", "[]", "{}", "[{}]", "",
        """{"a":{"b":[1,2]}}""",
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json; charset=utf-8", "APPLICATION/JSON", "application/json; charset=utf-16", "application/json;charset=\"utf-8",
        "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/problem+json", "*/*", "/", ";", "application/json, text/plain",
    ];

    private static readonly string[] HeaderNames =
    [
        "Accept", "Accept-Encoding", "Access-Control-Request-Method", "Connection", "Content-Encoding", "Cookie", "Expect", "Host",
        "If-Match", "If-None-Match", "Origin", "Range", "TE", "Transfer-Encoding", "Upgrade", "X-Forwarded-For",
        "X-HTTP-Method-Override", "X-Original-URL", "baggage", "traceparent", "tracestate",
    ];

    private static readonly string[] HeaderValues =
    [
        "GET", "DELETE", "*", "100-continue", "close", "Upgrade", "h2c", "gzip", "http://localhost:7070", "identity, chunked",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "bytes=0-1", "W/\"x\"",
    ];

    private static readonly string[] MalformedHeaders =
        [" folded: 1", ": no name", "no colon", "Space : 1", "X: a\r\n b", "X: a\nY: b", "X: a\0b"];

    private static readonly string[] Methods =
        ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST", "GET", "TRACE", "get", "BREW", "G\0T", "G T", "", new('M', 9000)];

    private static readonly Gen<string> Odd = Gen.OneOf(OddTexts).Select(Bytes);

    private static readonly Gen<string> Text = Gen.Frequency(
        (4, Odd),
        (2, Gen.String.Select(Bytes)),
        (2, Gen.Char['\u0001', '\u00ff'].Array[0, 20].Select(chars => new string(chars))),
        (1, Gen.Select(Gen.Char.AlphaNumeric, Gen.OneOf(23, 65, 513, 1500, 9000), (c, length) => new string(c, length))));

    private static readonly Gen<string> Encoded = Text.Select(text => string.Concat(text.Select(c =>
        char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~' or '{' or '}' or '%' ? $"{c}" : $"%{(int)c:x2}")));

    private static readonly Gen<string> Id = Gen.Frequency((3, Gen.Const("{room}")), (3, Gen.Const("{private}")), (4, Encoded));

    private static readonly Gen<string> UserId = Gen.Frequency((2, Gen.Const("{me}")), (2, Gen.Const("{other}")), (2, Encoded));

    private static readonly Gen<string> Parameter = Gen.Select(
        Gen.Frequency((8, Gen.OneOf("limit", "cursor", "prefix", "activity", "chatId", "access")), (1, Encoded)),
        Gen.Frequency(
            (3, Gen.Int[-1, 101].Select(number => $"{number}")),
            (2, Gen.OneOf("{room}", "{private}", "{cursor}", "{me}", "subscribe", "true")),
            (3, Encoded),
            (1, Text)),
        Gen.OneOf("=", "=", "=", "=", "", "=="),
        (name, value, equals) => $"{name}{equals}{value}");

    private static readonly Gen<string> Query = Gen.Frequency(
        (3, Gen.Const("")),
        (6, Parameter.Array[1, 4].Select(parameters => $"?{string.Join('&', parameters)}")),
        (1, Parameter.Array[9, 40].Select(parameters => $"?{string.Join('&', parameters)}")));

    private static readonly Gen<string> JsonString = Gen.Frequency(
        (3, Gen.String[Gen.Char.AlphaNumeric, 1, 40]),
        (3, Text.Select(text => text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", @"\""", StringComparison.Ordinal))),
        (2, Gen.OneOf(JsonTexts)))
        .Select(text => $"\"{text}\"");

    private static readonly Gen<string> JsonValue = Gen.Frequency(
        (8, JsonString),
        (1, Gen.OneOf(JsonLiterals)),
        (1, Gen.Int[1, 1500].Select(depth => new string('[', depth) + new string(']', depth))));

    private static readonly Gen<string> JsonName = Gen.Frequency(
        (6, Gen.OneOf("\"chatName\"", "\"visibility\"", "\"inviteCode\"")),
        (1, JsonString),
        (1, Gen.OneOf("", "chatName")));

    private static readonly Gen<string> Json = Gen.Select(JsonName, JsonValue, (name, value) => $"{name}:{value}")
        .Array[0, 4].Select(fields => $"{{{string.Join(',', fields)}}}");

    private static readonly Gen<string> Room = Gen.Select(
        JsonString, Gen.OneOf("", "", ",\"visibility\":\"private\"", ",\"visibility\":\"public\"", ",\"visibility\":null"),
        (name, visibility) => $$"""{"chatName":{{name}}{{visibility}}}""");

    private static readonly Gen<string> Body = Gen.Frequency(
        (6, Room),
        (2, Gen.Const("""{"inviteCode":"{code}"}""")),
        (6, Json),
        (2, Gen.Select(Json, Gen.Int[0, 30], (json, length) => json[..Math.Min(length, json.Length)])),
        (2, Gen.Select(Room, Gen.Int[0, 60], Gen.Char['\u0000', '\u00ff'], (json, at, c) =>
            json.Insert(Math.Min(at, json.Length), $"{c}"))),
        (1, Gen.Select(Room, Text, (json, more) => json + more)),
        (1, Room.Select(json => $"\u00ef\u00bb\u00bf{json}")),
        (1, JsonValue),
        (2, Text),
        (1, Gen.Int[4000, 4200].Select(length => $$"""{"chatName":"big","x":"{{new string('x', length)}}"}""")));

    private static readonly Gen<string> ContentType = Gen.Frequency(
        (8, Gen.Const("Content-Type: application/json")),
        (3, Gen.OneOf(ContentTypes).Select(type => $"Content-Type: {type}")),
        (1, Text.Select(text => $"Content-Type: {text}")));

    private static readonly Gen<string> Authorization = Gen.Frequency(
        (30, Gen.Const("Authorization: Bearer {token}")),
        (3, Gen.Const("Authorization: Bearer {other token}")),
        (1, Text.Select(text => $"Authorization: Bearer {text}")),
        (1, Text.Select(text => $"Authorization: {text}")),
        (1, Gen.Const("X-No-Authorization: 1")));

    private static readonly Gen<string> Header = Gen.Frequency(
        (4, Gen.Select(Gen.OneOf(HeaderNames), Gen.Frequency((3, Text), (2, Gen.OneOf(HeaderValues))),
            (name, value) => $"{name}: {value}")),
        (2, Gen.Select(Text, Text, (name, value) => $"{name}: {value}")),
        (1, Text),
        (1, Gen.OneOf(MalformedHeaders)));

    /// <summary>An operation's method and path, or nearly.</summary>
    private static readonly Gen<(string Method, string Path)> Route =
        Gen.Select(
            Gen.OneOf(OpenApiDocument.Current.Operations.ToArray()), Id, UserId, Gen.Int[0, 30], Gen.OneOf(Methods), Text,
            (operation, id, userId, kind, method, text) =>
            {
                var path = operation.Path
                    .Replace("{chatId}", id, StringComparison.Ordinal).Replace("{userId}", userId, StringComparison.Ordinal);
                return kind switch
                {
                    0 or 1 => (method, path),
                    2 => (operation.Method, path + "/"),
                    3 => (operation.Method, path.ToUpperInvariant()),
                    4 => (operation.Method, $"http://{{host}}{path}"),
                    5 => (operation.Method, $"/{text}{path}"),
                    6 => (operation.Method, $"{path}/{text}"),
                    7 => (operation.Method, text),
                    8 => (operation.Method, path.Replace("/", "//", StringComparison.Ordinal)),
                    9 => (operation.Method, path.Replace("h", "%68", StringComparison.Ordinal)),
                    _ => (operation.Method, path),
                };
            });

    /// <summary>All that is sent.</summary>
    public static readonly Gen<FuzzRequest> Request = Gen.Select(
        Route, Query, Authorization, ContentType,
        Gen.Frequency((6, Gen.Const(Array.Empty<string>())), (3, Header.Array[1, 3]), (1, Header.Array[20, 120])), Body,
        Gen.Frequency((20, Gen.Const(Framing.Length)), (6, Gen.Enum<Framing>())), Gen.Bool,
        (route, query, authorization, contentType, headers, body, framing, odd) => new FuzzRequest(
            route.Method, route.Path + query, ["Host: {host}", authorization, contentType, .. odd ? headers : []], body,
            route.Method == "GET" && !odd ? Framing.None : framing));

    /// <summary>A character for each byte of its UTF-8.</summary>
    private static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
