namespace ChatFunctions.Errors;

/// <summary>
/// The one way in which anything here refuses or fails. It knows nothing of HTTP, and nothing of one request: all who wait for the
/// same thing may get the same exception.
/// </summary>
/// <param name="code">Why.</param>
/// <param name="inner">What caused it, for the log.</param>
public sealed class ChatException(ErrorCode code, Exception? inner = null) : Exception($"The request ends with {code}.", inner)
{
    public ErrorCode Code => code;

    /// <summary>When another try may work.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the code is about, where it says so: a scope, a number of bytes.</summary>
    public string? Argument { get; init; }

    /// <summary>Why, in a sentence for the person who asks, where the code does not say it.</summary>
    public string? Reason { get; init; }

    /// <summary>What is wrong, by the name of the field or parameter.</summary>
    public IReadOnlyDictionary<string, string[]>? Fields { get; init; }

    /// <summary>What a client can use of the reason, by the name of the problem's member.</summary>
    public Dictionary<string, object> Details { get; init; } = [];

    /// <param name="field">The name of the field or parameter, as the client wrote it.</param>
    /// <param name="error">What the value must be, as the end of a sentence that starts with the field.</param>
    public static ChatException Invalid(string field, string error) =>
        new(ErrorCode.Invalid) { Fields = new Dictionary<string, string[]> { [field] = [error] } };

    /// <param name="retryAfter">When another try may work.</param>
    /// <param name="cause">What the service did.</param>
    public static ChatException Unavailable(TimeSpan retryAfter, Exception? cause = null) =>
        new(ErrorCode.Unavailable, cause) { RetryAfter = retryAfter };
}
