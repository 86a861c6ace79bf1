using ChatFunctions.Identity;
using CsCheck;

namespace ChatFunctions.Tests.Identity;

/// <summary>What Momento will say of everything that a caller publishes.</summary>
public sealed class PublisherIdTests
{
    private static readonly Guid Oid = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");

    [Fact]
    public void It_is_the_object_id_in_the_order_it_is_written_in_and_the_name() =>
        Assert.Equal("ABEiM0RVZneImaq7zN3u_w.Alice", Of("Alice"));

    [Fact]
    public void A_long_name_is_cut_between_characters()
    {
        Assert.Equal($"ABEiM0RVZneImaq7zN3u_w.{new string('a', 40)}…", Of(new string('a', 42)));
        // 11 UTF-16 characters each: three fit, four do not.
        Assert.Equal("ABEiM0RVZneImaq7zN3u_w.👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦…", Of("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦"));
        Assert.Equal($"ABEiM0RVZneImaq7zN3u_w.{new string('a', 39)}…", Of($"{new string('a', 39)}e\u0301ab"));
    }

    [Theory]
    [InlineData("นฤเบศร์ วงศ์สุวรรณกุลชัย")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本")]
    public void A_name_of_at_most_41_characters_is_whole_in_whatever_script(string name) =>
        Assert.Equal($"ABEiM0RVZneImaq7zN3u_w.{name}", Of(name));

    [Fact]
    public void Without_a_name_it_is_the_object_id() => Assert.Equal("ABEiM0RVZneImaq7zN3u_w", Of(""));

    [Fact]
    public void Whatever_the_name_it_has_at_most_64_characters_and_begins_with_the_id() =>
        Gen.String.Sample(name =>
        {
            var id = Of(name);
            Assert.True(id.Length <= 64);
            Assert.StartsWith("ABEiM0RVZneImaq7zN3u_w", id, StringComparison.Ordinal);
        });

    private static string Of(string name) => new Caller(Guid.Empty, Oid, name).PublisherId;
}
