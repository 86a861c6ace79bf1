using System.Text;
using ChatFunctions.Rooms;
using ChatFunctions.Text;
using CsCheck;

namespace ChatFunctions.Tests.Rooms;

/// <summary>What holds for every name there can be.</summary>
public sealed class RoomKeyTests
{
    private static readonly Gen<string> Names =
        from runes in Gen.OneOf(
            Gen.Int[0x20, 0x7E],
            Gen.Int[0xA0, 0x24FF],
            Gen.Int[0xFB00, 0xFB17],
            Gen.Int[0x10000, 0x1F9FF],
            Gen.Int[0xE000, 0x10FFFF]).Array[1, 64]
        select string.Concat(runes.Select(char.ConvertFromUtf32));

    [Theory]
    [InlineData("general-2", "general-2")]
    [InlineData("#General", "!23general")]
    [InlineData("a/b?", "a.2fb_3f")]
    [InlineData("é", "~0000e9")]
    public void A_plain_name_can_be_read_in_its_key(string name, string key) => Assert.Equal(key, RoomKey.Encode(name));

    [Fact]
    public void Every_key_is_of_characters_that_table_keys_and_paths_allow() =>
        Names.Sample(name =>
        {
            var key = RoomKey.Encode(name);
            Assert.Matches("^[-!._~0-9a-z]+$", key);
            Assert.True(RoomKey.IsValid(key) || key.Length > RoomKey.MaxLength);
        });

    [Fact]
    public void Keys_sort_as_their_folded_names_do_by_code_point() =>
        Gen.Select(Names, Names).Sample((a, b) =>
        {
            var byName = Encoding.UTF8.GetBytes(CaseFolding.Fold(a)).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(CaseFolding.Fold(b)));
            var byKey = string.CompareOrdinal(RoomKey.Encode(a), RoomKey.Encode(b));
            Assert.Equal(Math.Sign(byName), Math.Sign(byKey));
        });

    [Fact]
    public void Names_that_differ_in_case_or_normalization_have_one_key_and_folding_twice_changes_nothing() =>
        Names.Sample(name =>
        {
            var folded = CaseFolding.Fold(name);
            Assert.Equal(folded, CaseFolding.Fold(folded));
            Assert.Equal(folded, CaseFolding.Fold(name.ToUpperInvariant()));
            Assert.Equal(folded, CaseFolding.Fold(name.ToLowerInvariant()));
            Assert.Equal(folded, CaseFolding.Fold(name.Normalize(NormalizationForm.FormD)));
            Assert.Equal(folded, CaseFolding.Fold(name.Normalize(NormalizationForm.FormC)));
        });

    [Fact]
    public void The_keys_of_a_prefix_range_are_those_of_the_names_that_begin_so() =>
        Gen.Select(Names, Names).Sample((prefix, rest) =>
        {
            var start = RoomKey.Encode(prefix);
            var key = RoomKey.Encode(prefix + "x" + rest);
            Assert.True(string.CompareOrdinal(key, start) > 0 && string.CompareOrdinal(key, RoomKey.End(start)) < 0);
            var other = RoomKey.Encode(rest);
            var inRange = string.CompareOrdinal(other, start) >= 0 && string.CompareOrdinal(other, RoomKey.End(start)) < 0;
            Assert.Equal(other.StartsWith(start, StringComparison.Ordinal), inRange);
        });
}
