using System.Text.Json;
using System.Text.Json.Serialization;
using ChatFunctions.Identity;

namespace ChatFunctions.Moderation;

/// <summary>That somebody finds something wrong with a message, as the API shows it.</summary>
/// <param name="Id">Goes into a path as it stands.</param>
/// <param name="Message">As it was when it was reported, whatever has become of it since.</param>
/// <param name="Reason">The reporter's words.</param>
public sealed record Report(string Id, string ChatId, ReportedMessage Message, string Reason, User ReportedBy, DateTimeOffset ReportedAt)
{
    public static Report Of(ReportEntity report, ReportedMessageEntity copy) => new(
        report.Id, report.ChatId,
        new ReportedMessage(
            report.MessageId, copy.Text, new User(copy.SenderId, copy.SenderName), copy.SentAt, report.Version,
            copy.Metadata is { } json ? JsonElement.Parse(json) : null),
        report.Reason, new User(report.ReporterId, report.ReporterName), report.ReportedAt);

    /// <summary>Without text and reason, which no log may have.</summary>
    public override string ToString() => $"the report {Id}";
}

/// <summary>The copy of a message that a report keeps.</summary>
/// <param name="Version">The message's, then.</param>
public sealed record ReportedMessage(
    string Id, string Text, User Sender, DateTimeOffset SentAt, int Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Metadata)
{
    /// <inheritdoc cref="Report.ToString"/>
    public override string ToString() => $"the message {Id}";
}
