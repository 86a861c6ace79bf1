using System.Globalization;

namespace ChatFunctions.Benchmarks.Results;

/// <summary>What several rounds have measured.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>In another unit.</summary>
    public Spread Scale(double factor) => new(Median * factor, Min * factor, Max * factor);

    /// <summary>The median, and the others where there was more than one round.</summary>
    public override string ToString() => Text(Min) == Text(Max) ? Text(Median) : $"{Text(Median)} ({Text(Min)} to {Text(Max)})";

    /// <summary>Three digits that say something.</summary>
    public static string Text(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };
}
