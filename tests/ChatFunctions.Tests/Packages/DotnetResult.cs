namespace ChatFunctions.Tests.Packages;

/// <summary>How a <c>dotnet</c> command ended, or a script that runs one.</summary>
/// <param name="ExitCode">0 if it succeeded.</param>
/// <param name="Output">The lines that it wrote, those of the standard error last.</param>
internal sealed record DotnetResult(int ExitCode, IReadOnlyList<string> Output)
{
    /// <summary>Whether it asked the package sources for Momento's SDK.</summary>
    public bool Asked => Contains("Asking the package sources");

    public bool Contains(string text) => Output.Any(line => line.Contains(text, StringComparison.Ordinal));

    public override string ToString() => string.Join('\n', Output);
}
