using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using ChatFunctions.Benchmarks.Results;

namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>The <see cref="HotPaths"/> by BenchmarkDotNet, in this process, against the check of a token.</summary>
internal static class MicroScenario
{
    public static Task RunAsync(Pace pace, Table table)
    {
        var job = (pace == Pace.Quick ? Job.Dry : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance);
        var artifacts = Directory.CreateTempSubdirectory("chatfunctions-");
        var config = ManualConfig.CreateEmpty().AddJob(job).AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(artifacts.FullName);
        var reports = BenchmarkRunner.Run<HotPaths>(config).Reports;
        artifacts.Delete(recursive: true);
        var baseline = reports.Single(report => report.BenchmarkCase.Descriptor.Baseline);
        foreach (var report in reports.Where(report => report != baseline))
        {
            table.Add(new Row(
                NameOf(report), NameOf(baseline), RatioOf(report, baseline), null, Describe(report), Describe(baseline)));
        }

        return Task.CompletedTask;
    }

    /// <summary>BenchmarkDotNet puts names with spaces in quotes.</summary>
    private static string NameOf(BenchmarkReport report) =>
        report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');

    /// <summary>The medians, and what the extremes of both allow.</summary>
    private static Spread RatioOf(BenchmarkReport report, BenchmarkReport baseline)
    {
        var (ours, theirs) = (report.ResultStatistics!, baseline.ResultStatistics!);
        return new Spread(ours.Median / theirs.Median, ours.Min / theirs.Max, ours.Max / theirs.Min);
    }

    private static string Describe(BenchmarkReport report)
    {
        var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
        return $"{Spread.Text(report.ResultStatistics!.Median / 1000)} µs, {Spread.Text(bytes)} B allocated";
    }
}
