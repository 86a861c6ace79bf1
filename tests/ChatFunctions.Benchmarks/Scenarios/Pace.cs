namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>How long everything goes on.</summary>
/// <param name="Rounds">How often everything is measured.</param>
/// <param name="WarmUpSeconds">Before the first round; the runtime compiles hot code anew while it runs.</param>
/// <param name="Seconds">Of one measurement.</param>
/// <param name="Count">Requests of a measurement that counts, or fills a table.</param>
/// <param name="ManyRequests">After which memory is first looked at, and then after ten times as many.</param>
internal sealed record Pace(int Rounds, double WarmUpSeconds, double Seconds, int Count, int ManyRequests)
{
    public static Pace Full { get; } = new(Rounds: 5, WarmUpSeconds: 4, Seconds: 1.5, Count: 1000, ManyRequests: 100_000);

    /// <summary>Shows that everything works, and nothing else.</summary>
    public static Pace Quick { get; } = new(Rounds: 1, WarmUpSeconds: 0.2, Seconds: 0.2, Count: 100, ManyRequests: 1000);
}
