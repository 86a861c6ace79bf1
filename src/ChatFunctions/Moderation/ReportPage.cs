namespace ChatFunctions.Moderation;

/// <summary>Some reports, oldest first.</summary>
/// <param name="Next">The id of the last, where there are more.</param>
public sealed record ReportPage(List<Report> Reports, string? Next);
