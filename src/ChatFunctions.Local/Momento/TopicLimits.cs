namespace ChatFunctions.Local.Momento;

/// <summary>What an account may do with topics in a region, in all its caches together.</summary>
/// <param name="OperationsPerSecond">A publish is one and each delivery is one, by the KB begun.</param>
/// <param name="Subscriptions">At once.</param>
public sealed record TopicLimits(int OperationsPerSecond, int Subscriptions)
{
    private const string Setting = "LocalMomento:NewAccountLimits";

    /// <summary>Until Momento raises them on request (docs.momentohq.com/topics/limits).</summary>
    public static TopicLimits NewAccount { get; } = new(OperationsPerSecond: 10, Subscriptions: 100);

    /// <summary>Those of a new account if the settings ask for them, and else none.</summary>
    /// <exception cref="FormatException">The setting is neither true nor false; the message names it.</exception>
    public static TopicLimits? From(IConfiguration settings)
    {
        if (settings[Setting] is not { } text) return null;
        if (!bool.TryParse(text, out var isOn)) throw new FormatException($"{Setting} is \"{text}\"; it must be true or false.");
        return isOn ? NewAccount : null;
    }
}
