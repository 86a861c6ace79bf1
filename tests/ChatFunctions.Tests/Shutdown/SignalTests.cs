using System.Diagnostics;
using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Local;
using ChatFunctions.Tests.Tokens;

namespace ChatFunctions.Tests.Shutdown;

/// <summary>The program gets SIGTERM, as a platform sends it, while requests are under way.</summary>
public sealed class SignalTests(TestCloud cloud)
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(4);

    /// <summary>The time of a request, and what a busy machine takes to end all parts.</summary>
    private static readonly TimeSpan Limit = RequestTimeout + TimeSpan.FromSeconds(15);

    [Fact]
    public async Task The_program_answers_what_is_under_way_and_ends_in_time_though_Momento_hangs()
    {
        await using var momento = new FaultProxy(cloud.Local.Momento.Address) { Fault = Fault.Silent };
        await using var program = LocalProgram.Start(
            [.. LocalProgram.FreePorts, $"--Momento:Endpoint={momento.Address}", $"--Http:RequestTimeout={RequestTimeout}"]);
        await program.UntilReadyAsync();
        using var alice = await program.SignInAsync("alice");
        await alice.RoomAsync("before");
        var underWay = Enumerable.Range(0, 4).Select(_ => alice.GetAsync("token")).ToList();
        await TokenLab.UntilAsync(() => momento.OpenConnections > 0);

        var watch = Stopwatch.StartNew();
        program.Signal("TERM");
        foreach (var answer in await Task.WhenAll(underWay)) await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        await program.UntilEndedAsync();
        Assert.True(watch.Elapsed < Limit, $"took {watch.Elapsed}");
        Assert.Equal(0, program.ExitCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => alice.GetAsync("chats"));
        await TokenLab.UntilAsync(() => momento.OpenConnections == 0);
        Assert.DoesNotContain(program.Output, line => line.Contains("Unhandled", StringComparison.Ordinal));
    }
}
