using System.Diagnostics;
using System.Net;
using ChatFunctions.Moderation;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Moderation;

public sealed class WordTests(TestCloud cloud)
{
    private static readonly BlockedWords Blocked = new(["ass", "Straße", "free money", "ΣΟΦΌΣ", "毒品", "ยาบ้า"]);

    [Theory]
    [InlineData("ass", true)]
    [InlineData("What an ASS!", true)]
    [InlineData("ass_", true)]
    [InlineData("(ass)", true)]
    [InlineData("ａｓｓ", true)]
    [InlineData("𝐚𝐬𝐬", true)]
    [InlineData("a\u200bs\u00ads", true)]
    [InlineData("class", false)]
    [InlineData("asses", false)]
    [InlineData("ass1", false)]
    [InlineData("a s s", false)]
    [InlineData("аss", false)] // With a Cyrillic а.
    [InlineData("STRASSE", true)]
    [InlineData("strasse", true)]
    [InlineData("σοφο\u0301ς", true)]
    [InlineData("Free -- MONEY", true)]
    [InlineData("free\nmoney", true)]
    [InlineData("money free", false)]
    [InlineData("free and money", false)]
    [InlineData("這是毒品嗎", true)]
    [InlineData("毒 品", true)]
    [InlineData("毒藥品", false)]
    [InlineData("ขายยาบ้านะ", true)]
    [InlineData("ยา บ้", false)]
    [InlineData("", false)]
    public void A_word_is_found_as_a_whole_however_it_is_spelled(string text, bool isFound) => Assert.Equal(isFound, Blocked.AreIn(text));

    [Theory]
    [InlineData("see https://example.org.", "example.org")]
    [InlineData("HTTPS://EXAMPLE.ORG:8443/x?y", "example.org")]
    [InlineData("(www.example.org/x)", "www.example.org")]
    [InlineData("[x](https://example.org)", "example.org")]
    [InlineData("ftp://example.org", "example.org")]
    [InlineData("https:\\\\example.org\\x", "example.org")]
    [InlineData("https:///example.org", "example.org")]
    [InlineData("https:example.org", "example.org")]
    [InlineData("https://bücher.example", "xn--bcher-kva.example")]
    [InlineData("https://example.org@evil.example", null)]
    [InlineData("https://evil.example?@example.org", "evil.example")]
    [InlineData("https://evil.example\\@example.org", "evil.example")]
    [InlineData("https://127.1/", "127.0.0.1")]
    [InlineData("https://xn--\u0600.example", null)]
    public void A_link_is_found_with_the_host_to_which_a_browser_goes(string text, string? host) =>
        Assert.All(Links.HostsIn(text).ToList() is { Count: > 0 } hosts ? hosts : throw new ArgumentException(text), each => Assert.Equal(host, each));

    [Theory]
    [InlineData("node.js and example.org")]
    [InlineData("awww. so sweet, www...")]
    [InlineData("http: or https:// or ://")]
    [InlineData("a:b, c:/d, mailto:bob@example.org")]
    public void What_names_no_scheme_and_no_www_is_no_link(string text) => Assert.Empty(Links.HostsIn(text));

    [Fact]
    public async Task Words_and_links_that_are_not_allowed_are_a_422_that_says_which_of_both()
    {
        await using var app = await cloud.StartAppAsync(new()
        {
            ["Moderation:BlockedWords:0"] = "blocked", ["Moderation:BlockLinks"] = "true", ["Moderation:AllowedLinkHosts:0"] = "Example.org",
        });
        var alice = cloud.Client(app, "alice");
        var room = await alice.PrivateRoomAsync("rules");
        foreach (var (text, kind) in new[]
        {
            ("it is Blocked", "word"), ("https://evil.example", "link"), ("https://notexample.org", "link"), ("https://example.org.evil.example", "link"),
            ("https://example.org/?to=https://evil.example", "link"), ("https://example.org@evil.example", "link"),
            ($"https:{new string('/', 400)}evil.example", "link"), ($"https://example.org{new string('.', 400)}evil.example", "link"),
        })
        {
            var problem = await (await alice.PostMessageAsync(room, text)).ProblemAsync(HttpStatusCode.UnprocessableEntity);
            Assert.Equal($"It has a {kind} that is not allowed here.", problem.Text("detail"));
        }

        foreach (var text in new[] { "unblocked", "https://example.org/x", "http://www.EXAMPLE.org" }) await alice.SayAsync(room, text);
    }

    /// <summary>
    /// One text takes as long as 64 of a 64th of its length, where squares would take 64 times as long. Both are at the mercy of what else the
    /// machine does, so that a try may go wrong.
    /// </summary>
    [Theory]
    [InlineData("a")]
    [InlineData("free ")]
    [InlineData("毒")]
    [InlineData("e\u0301\u0323\u0323\u0301")]
    [InlineData("http:")]
    [InlineData("https://example.org,")]
    [InlineData("://")]
    [InlineData("www.")]
    [InlineData("@")]
    [InlineData("\u200b")]
    [InlineData("\ufdfa")]
    public void Time_grows_as_a_hostile_text_does(string part)
    {
        var blocked = new BlockedWords(["free money", "free free gold", "毒品", "a"]);
        Measure(100, times: 64);
        Assert.Contains(Enumerable.Range(0, 5), _ => Measure(6_400, times: 1) < 12 * Measure(100, times: 64));

        TimeSpan Measure(int parts, int times)
        {
            var text = string.Concat(Enumerable.Repeat(part, parts));
            var start = Stopwatch.GetTimestamp();
            for (var time = 0; time < times; time++)
            {
                blocked.AreIn(text);
                Assert.NotNull(Links.HostsIn(text).ToList());
            }

            return Stopwatch.GetElapsedTime(start);
        }
    }
}
