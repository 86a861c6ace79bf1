using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ChatFunctions.MessageLog;
using ChatFunctions.Text;

namespace ChatFunctions.Moderation;

/// <summary>A report's id: <c>{time}-{nonce}</c>, so that ids sort as the reports came.</summary>
public static class ReportId
{
    private const int TimeLength = 19;
    private const int Length = TimeLength + 9;

    public static string New(DateTimeOffset reportedAt) => $"{StartOf(reportedAt)}-{MessageId.NewNonce()}";

    /// <summary>Comes before the ids of all reports of this time or later.</summary>
    public static string StartOf(DateTimeOffset time) => time.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>Whether this could be one: what clients send is asked before it reaches a query.</summary>
    public static bool IsValid([NotNullWhen(true)] string? id) =>
        id?.Length == Length && id[TimeLength] == '-' && id.AsSpan(0, TimeLength).IndexOfAnyExceptInRange('0', '9') < 0
        && StrictBase64Url.TryDecode(id.AsSpan(TimeLength + 1), out _);
}
