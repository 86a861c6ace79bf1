namespace ChatFunctions.Tests.Deployment;

/// <summary>How a hook ended.</summary>
/// <param name="ExitCode">0 if it succeeded.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Errors">What it wrote to its standard error.</param>
/// <param name="Commands">The calls of az, azd and momento that it made, a line each.</param>
internal sealed record HookRun(int ExitCode, string Output, string Errors, IReadOnlyList<string> Commands)
{
    /// <summary>Fails the test where the hook failed.</summary>
    public HookRun Succeeded()
    {
        Assert.True(ExitCode == 0, Errors + Output);
        return this;
    }

    /// <summary>The calls that start so.</summary>
    public IEnumerable<string> CallsOf(string start) => Commands.Where(command => command.StartsWith(start, StringComparison.Ordinal));
}
