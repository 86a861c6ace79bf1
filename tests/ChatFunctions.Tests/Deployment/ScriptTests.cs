using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The hooks and the scripts in .ci, unrun.</summary>
public sealed class ScriptTests
{
    public static TheoryData<string> HookScripts { get; } = [.. Hooks.All.Select(Relative)];

    public static TheoryData<string> Scripts { get; } =
        [.. Hooks.All.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, ".ci"))).Select(Relative)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task Shellcheck_has_nothing_to_say(string script) => ScriptCheck.PassesAsync("shellcheck",
        ["--external-sources", "--source-path", Hooks.Folder, Path.Combine(Repository.Root, script)]);

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task Bash_understands_it(string script) => ScriptCheck.PassesAsync("bash", ["-n", Path.Combine(Repository.Root, script)]);

    [Theory]
    [MemberData(nameof(HookScripts))]
    public Task Dash_understands_a_hook_as_any_posix_shell_does(string script) =>
        ScriptCheck.PassesAsync("dash", ["-n", Path.Combine(Repository.Root, script)]);

    [Theory]
    [MemberData(nameof(Scripts))]
    public void It_is_executable_if_and_only_if_it_says_what_runs_it(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes.");
        var path = Path.Combine(Repository.Root, script);
        Assert.Equal(File.ReadAllText(path).StartsWith("#!", StringComparison.Ordinal), IsExecutable(path));
    }

    internal static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(
            UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path);
}
