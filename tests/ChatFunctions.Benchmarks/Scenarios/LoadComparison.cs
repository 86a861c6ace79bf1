using ChatFunctions.Benchmarks.Load;
using ChatFunctions.Benchmarks.Results;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>Makes a row of the results of two loads, round by round.</summary>
internal static class LoadComparison
{
    public static Row RowOf(string what, string against, Aim? aim, LoadResult[] ours, LoadResult[] theirs) => new(
        what, against, Spread.Of(ours.Zip(theirs, (our, their) => our.PerSecond / their.PerSecond)), aim,
        Describe(ours), Describe(theirs));

    /// <summary>The medians of all rounds.</summary>
    private static string Describe(LoadResult[] rounds)
    {
        var perSecond = Spread.Of(rounds.Select(round => round.PerSecond));
        var p50 = Spread.Of(rounds.Select(round => round.P50)).Median;
        var p99 = Spread.Of(rounds.Select(round => round.P99)).Median;
        return $"{perSecond}/s, p50 {Spread.Text(p50)} ms, p99 {Spread.Text(p99)} ms";
    }
}
