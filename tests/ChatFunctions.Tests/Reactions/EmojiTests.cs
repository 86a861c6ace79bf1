using ChatFunctions.Reactions;

namespace ChatFunctions.Tests.Reactions;

public sealed class EmojiTests
{
    [Theory]
    [InlineData("2764-FE0F", "2764-FE0F", "❤️")]
    [InlineData("2764", "2764-FE0F", "❤️")]
    [InlineData("2764-fe0f", "2764-FE0F", "❤️")]
    [InlineData("23-20e3", "0023-FE0F-20E3", "#️⃣")]
    [InlineData("0023-FE0F-20E3", "0023-FE0F-20E3", "#️⃣")]
    [InlineData("1f44d-1f3fd", "1F44D-1F3FD", "👍🏽")]
    [InlineData("1F9D1-1F3FB-200D-2764-200D-1F48B-200D-1F9D1-1F3FC", "1F9D1-1F3FB-200D-2764-FE0F-200D-1F48B-200D-1F9D1-1F3FC", "🧑🏻‍❤️‍💋‍🧑🏼")]
    [InlineData("1F3F4-E0067-E0062-E0065-E006E-E0067-E007F", "1F3F4-E0067-E0062-E0065-E006E-E0067-E007F", "🏴󠁧󠁢󠁥󠁮󠁧󠁿")]
    [InlineData("1FAE9", "1FAE9", "🫩")] // Of Unicode 16.0.
    public void An_emoji_in_whatever_spelling_is_its_fully_qualified_one(string sent, string codePoints, string text)
    {
        Assert.True(Emoji.TryParse(sent, out var parsed, out _));
        Assert.Equal((codePoints, text), (parsed, Emoji.TextOf(parsed)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("❤")]
    [InlineData("heart")]
    [InlineData("0041")]
    [InlineData("1F44D-1F44D")]
    [InlineData("1F44D-FE0F")]
    [InlineData("FE0F-2764")]
    [InlineData("2764-FE0F-FE0F")]
    [InlineData("2764-FE0E")]
    [InlineData("2764-")]
    [InlineData("U+2764")]
    [InlineData("0x2764")]
    [InlineData(" 2764")]
    [InlineData("1F1E9")] // Half a flag.
    [InlineData("1F44D-200D-1F44D")]
    [InlineData("110000")]
    [InlineData("D83D-DC4D")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF")]
    public void What_is_not_one_emoji_is_none(string sent)
    {
        Assert.False(Emoji.TryParse(sent, out _, out var error));
        Assert.Contains("hex", error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_3790_of_Unicode_16_are_there_and_none_is_longer_than_what_is_looked_at()
    {
        using var lines = new StreamReader(typeof(Emoji).Assembly.GetManifestResourceStream("emoji.txt")!);
        var all = lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3790, all.Length);
        Assert.All(all, each => Assert.True(Emoji.TryParse(each, out var parsed, out _) && parsed == each, each));
    }
}
