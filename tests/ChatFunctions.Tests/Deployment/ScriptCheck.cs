using System.ComponentModel;
using System.Diagnostics;

namespace ChatFunctions.Tests.Deployment;

/// <summary>What shells and shellcheck say of a script without running it.</summary>
internal static class ScriptCheck
{
    /// <summary>Runs a checker, and fails the test where it has something to say. Skips the test where it is not installed.</summary>
    /// <param name="program">Such as <c>bash</c>.</param>
    /// <param name="arguments">With the script's path, or without, to give the script itself.</param>
    /// <param name="script">For the checker's standard input.</param>
    public static async Task PassesAsync(string program, string[] arguments, string script = "")
    {
        using var checker = Start(program, arguments);
        await checker.StandardInput.WriteAsync(script);
        checker.StandardInput.Close();
        var errors = checker.StandardError.ReadToEndAsync();
        var output = await checker.StandardOutput.ReadToEndAsync();
        await checker.WaitForExitAsync();
        Assert.True(checker.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output}{await errors}\n{script}");
    }

    private static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed here.");
            throw;
        }
    }
}
