using ChatFunctions.Errors;
using ChatFunctions.Text;

namespace ChatFunctions.Bans;

/// <summary>What is said with a ban.</summary>
/// <param name="Reason">For the person themself: 1 to 200 Unicode code points, otherwise as a message's text; or null.</param>
/// <param name="Until">When it ends, in the future; null for never.</param>
public sealed record BanTerms(string? Reason, DateTimeOffset? Until)
{
    private const int MaxReason = 200;

    public sealed record Body(string? Reason, DateTimeOffset? Until);

    /// <exception cref="ChatException"><see cref="ErrorCode.Invalid"/>.</exception>
    public static BanTerms Parse(Body body, DateTimeOffset now)
    {
        var errors = new FieldErrors();
        string? reason = null;
        if (body.Reason is not null && !MessageText.TryParse(body.Reason, MaxReason, out reason, out var error)) errors.Add("reason", error);
        if (body.Until <= now) errors.Add("until", "must be in the future");
        errors.ThrowIfAny();
        return new BanTerms(reason, body.Until?.ToUniversalTime());
    }
}
