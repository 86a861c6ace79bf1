// The package has these two in no namespace.
#pragma warning disable CA1050

/// <summary>How long a token is good.</summary>
public sealed class ExpiresIn
{
    private readonly int seconds;

    private ExpiresIn(int seconds) => this.seconds = seconds;

    public static ExpiresIn Seconds(int validForSeconds) => new(validForSeconds);

    public int? Seconds() => seconds;
}

/// <summary>Until when a token is good.</summary>
public sealed class ExpiresAt
{
    private readonly int epoch;

    private ExpiresAt(int epoch) => this.epoch = epoch;

    public static ExpiresAt FromEpoch(int epoch) => new(epoch);

    /// <summary>In seconds.</summary>
    public int? Epoch() => epoch;
}
