using System.ComponentModel.DataAnnotations;

namespace ChatFunctions.MessageLog;

/// <summary>The settings under <c>Messages</c>.</summary>
public sealed class LogOptions
{
    /// <summary>How long messages are kept after they were sent, and up to a day longer: those of a day, in UTC, go together.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00", ErrorMessage = "Messages:Retention must be from 1.00:00:00 to 36500.00:00:00.")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);
}
