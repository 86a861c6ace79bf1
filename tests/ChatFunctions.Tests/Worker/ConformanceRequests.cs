namespace ChatFunctions.Tests.Worker;

/// <summary>The requests of the conformance suite. Those of one array come one after the other.</summary>
public static class ConformanceRequests
{
    private const string NoRoom = "chats/no-such-room";

    private static readonly string[] Paths =
    [
        "", "chats?limit=1&prefix={unique}", "chats/?limit=1&prefix={unique}", NoRoom, $"{NoRoom}/invites", "invites", "me", $"{NoRoom}/members", $"{NoRoom}/members/nobody", "token",
        $"{NoRoom}/messages", $"{NoRoom}/messages/1-AAAAAAAA", $"{NoRoom}/read", $"{NoRoom}/presence", $"{NoRoom}/presence/tab", $"{NoRoom}/bans", $"{NoRoom}/bans/nobody", "bans/nobody",
        $"{NoRoom}/messages/1-AAAAAAAA/reports", $"{NoRoom}/reports", $"{NoRoom}/reports/none", "reports", "reports/none",
        "health/live", "health/ready", "openapi.json", "nothing", "api/chats", "chats/a/b/c/d", "CHATS?limit=1&prefix={unique}", "favicon.ico",
    ];

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    /// <summary>Every path with every method, signed in.</summary>
    public static IEnumerable<Exchange> EveryPathAndMethod { get; } = from path in Paths from method in Methods select new Exchange(method, path);

    /// <summary>Every path that is somebody's, signed in as nobody.</summary>
    public static IEnumerable<Exchange> SignedOut { get; } =
    [
        new("GET", "chats", null), new("POST", "chats", null, Body: "{}"), new("GET", NoRoom, null), new("DELETE", NoRoom, null), new("PATCH", NoRoom, null, Body: "{}"),
        new("POST", $"{NoRoom}/invites", null), new("POST", "invites", null, Body: "{}"), new("GET", $"{NoRoom}/members", null),
        new("GET", $"{NoRoom}/messages", null), new("POST", $"{NoRoom}/messages", null, Body: "{}"), new("GET", $"{NoRoom}/messages/1-AAAAAAAA", null),
        new("GET", $"{NoRoom}/presence", null), new("PUT", $"{NoRoom}/presence/tab", null), new("DELETE", $"{NoRoom}/presence/tab", null),
        new("PUT", $"{NoRoom}/read", null, Body: "{}"), new("PATCH", $"{NoRoom}/messages/1-AAAAAAAA", null, Body: "{}"), new("DELETE", $"{NoRoom}/messages/1-AAAAAAAA", null),
        new("GET", $"{NoRoom}/bans", null), new("PUT", $"{NoRoom}/bans/nobody", null, Body: "{}"), new("DELETE", $"{NoRoom}/bans/nobody", null),
        new("PUT", "bans/nobody", null, Body: "{}"), new("DELETE", "bans/nobody", null),
        new("POST", $"{NoRoom}/messages/1-AAAAAAAA/reports", null, Body: "{}"), new("GET", $"{NoRoom}/reports", null), new("DELETE", $"{NoRoom}/reports/none", null),
        new("GET", "reports", null), new("DELETE", "reports/none", null),
        new("DELETE", $"{NoRoom}/members/nobody", null), new("GET", "me", null), new("GET", "token", null), new("GET", "health/live", null),
        new("GET", "health/ready", null), new("GET", "openapi.json", null),
    ];

    /// <summary>Headers, of authorization and others.</summary>
    public static IEnumerable<Exchange> Headers { get; } =
    [
        new("GET", "token", null, Headers: "Authorization: Bearer"),
        new("GET", "token", null, Headers: "Authorization: Bearer not.a.token"),
        new("GET", "token", null, Headers: "Authorization: Basic YWxpY2U6YW55"),
        new("GET", "token", null, Headers: "Authorization: bearer x\r\nAuthorization: bearer y"),
        new("GET", "token", "alice", Headers: "Authorization: Bearer x"),
        new("GET", "chats?limit=0", Headers: "Accept: text/html"),
        new("GET", "chats?limit=0", Headers: "Accept-Encoding: gzip, br"),
        new("GET", "chats?limit=0", Headers: "Accept-Language: de"),
        new("GET", "chats?limit=0", Headers: "traceparent: none"), new("GET", "chats?limit=0", Headers: "traceparent: "),
        new("GET", "chats?limit=0", Headers: "traceparent: |a.b.c."),
        new("GET", "chats?limit=0", Headers: "traceparent: 00-00000000000000000000000000000000-b7ad6b7169203331-01"),
        new("GET", "chats?limit=0", Headers: "traceparent: ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        new("GET", "chats?limit=0", Headers: "traceparent: 00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01"),
        new("GET", "chats?limit=0", Headers: "x-ms-invocation-id: 00000000-0000-0000-0000-000000000000"),
        new("GET", "chats?limit=0", Headers: "X-HTTP-Method-Override: DELETE"),
        new("GET", "chats?limit=0", Headers: "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /other"),
        new("GET", "chats?limit=0", Headers: "Range: bytes=0-3\r\nIf-None-Match: *"),
        new("GET", "chats?limit=0", Headers: $"X-Long: {new string('a', 6000)}"),
        new("GET", "openapi.json", null, Headers: "Range: bytes=0-3"),
    ];

    /// <summary>Queries, and how paths are written.</summary>
    public static IEnumerable<Exchange> Addresses { get; } =
    [
        new("GET", "chats?limit=-1"), new("GET", "chats?limit=101"), new("GET", "chats?limit=1&limit=2"), new("GET", "chats?limit=%31&prefix={unique}"),
        new("GET", "chats?limit="), new("GET", "chats?limit=1&prefix={unique}"), new("GET", "chats?prefix={unique}%20H"), new("GET", "chats?prefix={unique}+h"),
        new("GET", "chats?activity=true&limit=26"), new("GET", "chats?activity=1&limit=0"), new("GET", "chats?activity=true&limit=1&prefix={unique}", "bob"),
        new("GET", "chats?prefix=%00"), new("GET", "chats?prefix=%ff%fe"), new("GET", "chats?prefix={unique}&cursor=nonsense"),
        new("GET", "chats?prefix={unique}&x=1;y=2#z"), new("GET", "chats?prefix=%E2%9D%A4{unique}"), new("GET", "chats?PREFIX={unique}&prefix={unique}"),
        new("GET", "chats/{public}"), new("GET", "chats/{public}/"), new("GET", "chats/{public}?x=y"), new("GET", "chats//{public}"),
        new("GET", "chats/%7Bpublic%7D"), new("GET", "chats/a%2Fb"), new("GET", "chats/a%252Fb"), new("GET", "chats/%2e%2e/token"), new("GET", "chats/../token"),
        new("GET", "chats/./{public}"), new("GET", "chats/a%20b"), new("GET", "chats/a+b"), new("GET", "chats/%C3%A9"), new("GET", "chats/%ff"),
        new("GET", "chats/'(PartitionKey='x')"), new("GET", "chats/*"), new("GET", "chats/a:b@c"), new("GET", "chats/a;b=c"), new("GET", "chats/a\\b"),
        new("GET", "chats/" + new string('a', 600)), new("GET", "chats/{private}", "carol"), new("GET", "chats/{private}", "bob"),
        new("GET", "token?chatId={private}", "carol"), new("GET", "token?chatId={private}", "bob"), new("GET", "token?chatId={public}&chatId={private}"),
        new("GET", "token?chatId="), new("GET", "token?chatId"), new("GET", "token?" + string.Join('&', Enumerable.Range(0, 10).Select(i => $"chatId={i}"))),
        new("GET", "token?access=subscribe"), new("GET", "token?access=subscribe&chatId={private}", "bob"), new("GET", "token?access=subscribe&chatId={private}", "carol"),
        new("GET", "token?access=subscribe&chatId={public}&chatId={private}"), new("GET", "token?access="), new("GET", "token?access=publish"),
        new("GET", "chats/{private}/members?limit=100"), new("GET", "chats/{private}/members?limit=x&cursor=y"), new("GET", "chats/{public}/members"),
        new("GET", "chats/{private}/members", "carol"), new("POST", "chats/{public}/invites"), new("POST", "chats/{private}/invites", "carol"),
        new("DELETE", "chats/{private}/members/{bob}", "carol"), new("DELETE", "chats/{private}", "bob"), new("DELETE", "chats/{public}", "carol"),
        new("GET", "chats/{public}/bans?limit=x&cursor=y"), new("GET", "chats/{public}/bans", "carol"), new("GET", "chats/{private}/bans", "carol"),
        new("GET", "reports?limit=26&cursor=y"), new("GET", "chats/{public}/reports"), new("GET", "chats/{private}/reports", "bob"),
    ];

    /// <summary>Bodies, and what is said of them.</summary>
    public static IEnumerable<Exchange> Bodies { get; } =
    [
        Post("{}"), Post(""), Post(null), Post("null"), Post("[]"), Post("{"), Post("nonsense"), Post("""{"chatName":1}"""), Post("""{"chatName":null}"""),
        Post("""{"chatName":""}"""), Post("""{"chatName":"a","chatName":"b"}"""), Post("""{"CHATNAME":"a"}"""), Post("""{"chatName":"\ud800"}"""),
        Post("""{"chatName":"a","visibility":"secret"}"""), Post("""{"chatName":"a\u0000b"}"""), Post("{\"chatName\":\"\xff\"}"), Post("\xff\xfe{\0}\0"),
        Post($$"""{"chatName":"{{new string('a', 65)}}"}"""), Post(new string(' ', 4096)), Post(new string(' ', 4097)), Post(new string('x', 1_000_000)),
        Post("{}", type: null), Post("{}", "text/plain"), Post("{}", "application/json; charset=utf-16"), Post("{}", "application/json;charset=UTF-8"),
        Post("{}", "application/json; charset=\"utf-8\""), Post("{}", "application/json; charset=\"iso-8859-1\""), Post("{}", "APPLICATION/JSON"),
        Post("{}", "application/json, text/plain"), Post("{}", "application/json; charset"), Post("{}", "application/problem+json"), Post("{}", "nonsense"),
        Post("{}", headers: "Transfer-Encoding: chunked"), Post("", headers: "Transfer-Encoding: chunked"),
        Post("{}", headers: "Content-Encoding: gzip"), Post("{}", headers: "Expect: 100-continue"), Post("""{"chatName":"{unique} hall"}"""),
        new("POST", "invites", Body: "{}"), new("POST", "invites", Body: """{"inviteCode":"x"}"""), new("POST", "invites", Body: """{"inviteCode":["x"]}"""),
        new("POST", "chats/{private}/invites", Body: "not read"), new("GET", "chats?limit=0", Body: "not read"), new("DELETE", NoRoom, Body: "not read"),
    ];

    /// <summary>What changes something, step by step.</summary>
    public static IEnumerable<Exchange[]> Stories { get; } =
    [
        [
            Post("""{"chatName":" {unique} Story ","other":1}""", keep: "chatId"), new("GET", "chats/{chatId}", "carol"),
            new("DELETE", "chats/{chatId}", "carol"), new("DELETE", "chats/{chatId}"), new("DELETE", "chats/{chatId}"), new("GET", "chats/{chatId}"),
        ],
        [
            Post("\xef\xbb\xbf{\"chatName\":\"{unique} caf\xc3\xa9\",\"visibility\":\"public\"}", "application/json; charset=\"utf-8\"", keep: "chatId"),
            new("GET", "chats/{chatId}"), new("DELETE", "chats/{chatId}/"), new("POST", "chats/?x=y", Body: """{"chatName":"{unique} slash"}""", Keep: "chatId"),
        ],
        [
            Post("""{"chatName":"{unique} secret","visibility":"private"}""", keep: "chatId"), new("GET", "token?chatId={chatId}"),
            new("POST", "chats/{chatId}/invites", Keep: "inviteCode"), new("POST", "invites", "dave", Body: """{"inviteCode":"{inviteCode}"}"""),
            new("POST", "invites", "dave", Body: """{"inviteCode":"{inviteCode}"}"""), new("GET", "chats/{chatId}/members", "dave"),
            new("GET", "chats?prefix={unique}", "dave"), new("DELETE", "chats/{chatId}/members/{bob}", "dave"), new("DELETE", "chats/{chatId}/members/{bob}"),
            new("POST", "chats/{chatId}/invites", Keep: "inviteCode"), new("DELETE", "chats/{chatId}", "dave"), new("DELETE", "chats/{chatId}"),
            new("POST", "invites", "erin", Body: """{"inviteCode":"{inviteCode}"}"""), new("GET", "token?chatId={chatId}", "dave"),
        ],
        [
            Post("""{"chatName":"{unique} talk","visibility":"private"}""", keep: "chatId"),
            Say("""{"text":"said","clientId":"0f8fad5b-d9cb-469f-a165-70867728950e","metadata":{"a":1}}""", keep: "id"),
            Say("""{"text":"again","clientId":"0f8fad5b-d9cb-469f-a165-70867728950e"}"""), Say("""{"text":"x"}"""),
            new("PATCH", "chats/{chatId}/messages/{id}", Body: """{"text":"mended"}""", Headers: "If-Match: \"1\""),
            new("PATCH", "chats/{chatId}/messages/{id}", Body: """{"text":"mended"}""", Headers: "If-Match: \"1\""),
            new("GET", "chats/{chatId}/messages?limit=1"), new("GET", "chats/{chatId}/messages?after=1"), new("GET", "chats/{chatId}/messages?after=x"),
            Read("""{"number":1}"""), Read("""{"number":-1}"""), Read("""{"number":1}""", "carol"), new("GET", "chats?activity=true&prefix={unique}%20talk"),
            new("GET", "chats/{chatId}/messages/{id}"), new("GET", "chats/{chatId}/messages", "carol"), new("DELETE", "chats/{chatId}/messages/{id}"),
            new("GET", "chats/{chatId}/messages?around=1"), new("DELETE", "chats/{chatId}"), new("GET", "chats/{chatId}/messages"),
        ],
        [
            Post("""{"chatName":"{unique} strict"}""", keep: "chatId"), Ban("""{"reason":"Enough.","until":"2999-01-01T00:00:00Z"}"""),
            Ban("""{"until":"2001-01-01T00:00:00Z","reason":" "}"""), Ban("""{"until":"soon"}"""), Ban("{}", "carol"),
            new("GET", "chats/{chatId}/bans"), Say("""{"text":"x","clientId":"0f8fad5b-d9cb-469f-a165-70867728950e"}""", user: "bob"),
            new("PUT", "bans/{bob}", Body: "{}"), new("DELETE", "chats/{chatId}/bans/{bob}"), new("DELETE", "chats/{chatId}/bans/{bob}"),
            Say("""{"text":"x","clientId":"0f8fad5b-d9cb-469f-a165-70867728950e"}""", user: "bob"),
        ],
        [
            Post("""{"chatName":"{unique} slow"}""", keep: "chatId"), Change("""{"slowModeSeconds":600}"""), Change("{}"), Change("""{"slowModeSeconds":-1}"""),
            Change("""{"ownerId":"nobody"}"""), Change("""{"slowModeSeconds":0}""", "carol"), Change("""{"ownerId":"{bob}"}""", "carol"),
            Say("""{"text":"x","clientId":"0f8fad5b-d9cb-469f-a165-70867728950e"}""", user: "carol"),
            Say("""{"text":"x","clientId":"7c9e6679-7425-40de-944b-e07fc1f90ae7"}""", user: "carol"),
            Change("""{"ownerId":"{bob}"}"""), Change("""{"slowModeSeconds":0}"""), Change("""{"slowModeSeconds":0}""", "bob"),
        ],
        [
            Post("""{"chatName":"odd {unique}","visibility":"private"}""", keep: "chatId"),
            Say("""{"text":"wrong","clientId":"0f8fad5b-d9cb-469f-a165-70867728950e"}""", keep: "id"),
            Report("""{"reason":"It is wrong."}"""), Report("""{"reason":"It is wrong."}"""), Report("""{"reason":" "}"""), Report("{}", "carol"),
            new("GET", "chats/{chatId}/reports"), new("GET", "chats/{chatId}/reports", "carol"), new("DELETE", "chats/{chatId}/reports/none"),
        ],
        [
            new("POST", "invites", "frank", Body: """{"inviteCode":"{invite}"}""", Keep: "chatId"), new("GET", "chats?limit=1&prefix={unique}", "frank"),
            new("GET", "token?chatId={chatId}", "frank"), new("GET", "token", "frank"), new("GET", "token", "frank"),
        ],
    ];

    private static Exchange Say(string body, string? keep = null, string user = "alice") =>
        new("POST", "chats/{chatId}/messages", user, Body: body, Keep: keep);

    private static Exchange Report(string body, string user = "alice") =>
        new("POST", "chats/{chatId}/messages/{id}/reports", user, Body: body);

    private static Exchange Ban(string body, string user = "alice") => new("PUT", "chats/{chatId}/bans/{bob}", user, Body: body);

    private static Exchange Change(string body, string user = "alice") => new("PATCH", "chats/{chatId}", user, Body: body);

    private static Exchange Read(string body, string user = "alice") => new("PUT", "chats/{chatId}/read", user, Body: body);

    private static Exchange Post(string? body, string? type = "application/json", string headers = "", string? keep = null) =>
        new("POST", "chats", Body: body, Type: type, Headers: headers, Keep: keep);
}
