using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using ChatFunctions.Benchmarks.Results;
using ChatFunctions.Benchmarks.Scenarios;

namespace ChatFunctions.Benchmarks;

/// <summary>Runs the sections and prints their table; if it was all of them, writes it beside this file, too.</summary>
internal static class BenchmarkRun
{
    private const string Command = "dotnet run -c Release --project tests/ChatFunctions.Benchmarks";
    private const string QuickArgument = "quick";

    private static readonly Dictionary<string, Func<Pace, Table, Task>> Sections = new()
    {
        ["token"] = TokenScenario.RunAsync,
        ["list"] = ListScenario.RunAsync,
        ["create"] = CreateScenario.RunAsync,
        ["messages"] = MessageScenario.RunAsync,
        ["removal"] = RemovalScenario.RunAsync,
        ["counts"] = CountScenario.RunAsync,
        ["micro"] = MicroScenario.RunAsync,
        ["fan-out"] = FanOutScenario.RunAsync,
        ["memory"] = MemoryScenario.RunAsync,
        ["start"] = StartScenario.RunAsync,
        ["worker"] = WorkerScenario.RunAsync,
    };

    /// <param name="arguments">The names of sections; none means all. And <c>quick</c>.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var quick = arguments.Contains(QuickArgument);
        var names = arguments.Where(argument => argument != QuickArgument).ToArray();
        if (names.FirstOrDefault(name => !Sections.ContainsKey(name)) is { } unknown)
        {
            await Console.Error.WriteLineAsync(
                $"There is no section {unknown}. Sections: {string.Join(", ", Sections.Keys)}; and {QuickArgument}.");
            return 1;
        }

        var table = new Table();
        var begin = Stopwatch.StartNew();
        foreach (var (name, run) in Sections.Where(section => names.Length == 0 || names.Contains(section.Key)))
        {
            await Console.Error.WriteLineAsync($"{name} …");
            await run(quick ? Pace.Quick : Pace.Full, table);
        }

        var command = arguments.Length == 0 ? Command : $"{Command} -- {string.Join(' ', arguments)}";
        var report = string.Create(CultureInfo.InvariantCulture,
            $"""
            {DateTime.UtcNow:yyyy-MM-dd}, `{command}`, {begin.Elapsed.TotalMinutes:0.#} minutes, on {Machine.Describe()}.

            {table}
            """);
        Console.WriteLine(report);
        if (arguments.Length == 0) await File.WriteAllTextAsync(Path.Combine(SourceFolder, "results.md"), report);
        return 0;
    }

    /// <summary>Of this project; the build wrote it into the assembly.</summary>
    public static string SourceFolder { get; } = typeof(BenchmarkRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "SourceFolder").Value!;
}
