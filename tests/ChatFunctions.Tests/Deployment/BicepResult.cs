namespace ChatFunctions.Tests.Deployment;

/// <summary>How a command of the Bicep CLI ended.</summary>
/// <param name="ExitCode">0 if it succeeded, which it does with warnings too.</param>
/// <param name="Output">What it wrote; the standard error last.</param>
public sealed record BicepResult(int ExitCode, string Output);
