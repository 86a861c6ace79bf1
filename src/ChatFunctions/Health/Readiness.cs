namespace ChatFunctions.Health;

/// <summary>Whether the app can do its work.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Checks">The same for each service that the app needs; why one is not is in the log only.</param>
public sealed record Readiness(string Status, IReadOnlyDictionary<string, string> Checks)
{
    public static string Of(bool healthy) => healthy ? "healthy" : "unhealthy";
}
