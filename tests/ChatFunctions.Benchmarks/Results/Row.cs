namespace ChatFunctions.Benchmarks.Results;

/// <summary>A line of the table: one thing and another, measured in turn, and the ratio of the two in each round.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Against">What it is compared with.</param>
/// <param name="Ratio">Null where what it is compared with is zero.</param>
/// <param name="Aim">Null where there is none.</param>
/// <param name="Ours">The figures of the first.</param>
/// <param name="Theirs">The figures of the other.</param>
internal sealed record Row(string What, string Against, Spread? Ratio, Aim? Aim, string Ours, string Theirs);
