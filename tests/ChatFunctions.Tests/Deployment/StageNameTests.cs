using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;

namespace ChatFunctions.Tests.Deployment;

[Collection(nameof(InfraBicep))]
public sealed class StageNameTests(InfraBicep infra)
{
    private const string LettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private static readonly Gen<string> LegalStages =
        from length in Gen.OneOf(Gen.Int[1, 12], Gen.Int[13, 64])
        from first in Gen.Char[LettersAndDigits]
        from middle in Gen.Char[LettersAndDigits + "---"].Array[Math.Max(0, length - 2)]
        from last in Gen.Char[LettersAndDigits]
        select length == 1 ? $"{first}" : $"{first}{new string(middle)}{last}";

    private static readonly Gen<string> IllegalStages =
        from legal in LegalStages
        from position in Gen.Int[0, legal.Length]
        from character in Gen.Char[" _.()/\\'$#?~\u00e9\u0130\u0131\u2212\u0430"]
        select legal.Insert(position, $"{character}");

    /// <summary>What Azure takes, by kind of resource; Microsoft's "Naming rules and restrictions for Azure resources".</summary>
    private static readonly Dictionary<string, string> Rules = new()
    {
        ["resourceGroup"] = @"^[\w.()-]{0,89}[\w()-]$",
        ["identity"] = @"^[A-Za-z0-9][\w-]{2,127}$",
        ["storage"] = "^[a-z0-9]{3,24}$",
        ["vault"] = "^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$",
        ["logs"] = "^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$",
        ["insights"] = @"^[^%&\\?/]{0,259}[^%&\\?/. ]$",
        ["alerts"] = @"^[^*#&+:<>?@%{}\\/|]{1,200}$",
        ["plan"] = "^[A-Za-z0-9-]{1,40}$",
        ["api"] = "^[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]$",
        ["web"] = "^[A-Za-z0-9][A-Za-z0-9-]{0,38}[A-Za-z0-9]$",
    };

    [Fact]
    public Task The_names_of_every_legal_stage_are_legal_and_no_other_stages() =>
        LegalStages.Array[200].SampleAsync(
            async stages =>
            {
                var distinct = stages.DistinctBy(stage => stage.ToUpperInvariant()).ToList();
                var (legal, names) = await EvaluateAsync(distinct);
                Assert.All(legal, Assert.True);
                foreach (var (kind, rule) in Rules) Assert.All(names, each => Assert.Matches(rule, each.GetProperty(kind).GetString()));
                Assert.All(names, each => Assert.Equal(Rules.Keys.Order(), each.EnumerateObject().Select(name => name.Name).Order()));
                // The groups keep apart what is in them; these are of the subscription or of the whole world.
                foreach (var kind in (string[])["resourceGroup", "storage", "vault", "api"])
                {
                    Assert.Equal(distinct.Count, names.Select(each => each.GetProperty(kind).GetString()).Distinct(StringComparer.OrdinalIgnoreCase).Count());
                }
            },
            iter: 1,
            threads: 1);

    [Fact]
    public async Task Long_stages_that_begin_alike_have_names_of_their_own_and_case_makes_no_difference()
    {
        var longest = new string('a', 64);
        var (_, names) = await EvaluateAsync([longest, longest[1..], longest.ToUpperInvariant()]);
        foreach (var kind in (string[])["resourceGroup", "storage", "vault", "api"])
        {
            Assert.NotEqual(names[0].GetProperty(kind).GetString(), names[1].GetProperty(kind).GetString());
        }

        Assert.Equal(names[0].GetRawText(), names[2].GetRawText());
    }

    [Fact]
    public Task No_other_stage_is_legal() =>
        IllegalStages.Array[50].SampleAsync(
            async stages =>
            {
                string[] all = [.. stages, "", "-", "-a", "a-", new string('a', 65), "has space", "a\nb"];
                var (legal, _) = await EvaluateAsync(all);
                Assert.All(all.Zip(legal), stage => Assert.False(stage.Second, stage.First));
            },
            iter: 1,
            threads: 1);

    [Theory]
    [InlineData("param stageName = 'has space'", "stageName 'has space'")]
    [InlineData("param stageName = 'dev'\nparam secretStageName = 'dev_'", "secretStageName 'dev_'")]
    public async Task An_illegal_stage_fails_the_deployment_and_is_told_why(string assignments, string named)
    {
        var result = await infra.TryDevWithAsync("param stageName = 'dev'", assignments);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(
            $"{named} is not 1 to 64 letters, digits and hyphens, with a letter or digit first and last", result.Output, StringComparison.Ordinal);
    }

    private async Task<(List<bool> Legal, List<JsonElement> Names)> EvaluateAsync(IEnumerable<string> stages)
    {
        var snapshot = await infra.SnapshotAsync("StageNames.bicep", $"param stages = [\n{string.Join('\n', stages.Select(Literal))}\n]");
        return ([.. snapshot.Outputs.GetProperty("legal").EnumerateArray().Select(legal => legal.GetBoolean())],
            [.. snapshot.Outputs.GetProperty("names").EnumerateArray()]);
    }

    private static string Literal(string text) => $"'{Regex.Replace(text, @"[\\'$]", @"\$0").Replace("\n", @"\n", StringComparison.Ordinal)}'";
}
