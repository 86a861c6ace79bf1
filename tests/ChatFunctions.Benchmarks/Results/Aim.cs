namespace ChatFunctions.Benchmarks.Results;

/// <summary>What a ratio should be.</summary>
internal sealed record Aim(double Bound, bool IsLeast)
{
    public static Aim AtLeast(double bound) => new(bound, IsLeast: true);

    public static Aim AtMost(double bound) => new(bound, IsLeast: false);

    /// <summary>The aim, and whether this ratio meets it.</summary>
    public string Judge(double ratio)
    {
        var isMet = IsLeast ? ratio >= Bound : ratio <= Bound;
        return $"{(IsLeast ? "≥" : "≤")} {Spread.Text(Bound)}: {(isMet ? "met" : "**missed**")}";
    }
}
