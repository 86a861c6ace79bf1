namespace ChatFunctions.Tests.Worker;

/// <summary>
/// The embedded host, on which all other tests run, answers and logs as the app does under its real worker: the same status, headers,
/// body, and line in the log with the client's trace.
/// </summary>
public sealed class ConformanceTests(ConformanceLab lab) : IClassFixture<ConformanceLab>
{
    [Fact]
    public Task Every_method_on_every_path() => CompareAsync(ConformanceRequests.EveryPathAndMethod);

    [Fact]
    public Task Every_route_for_somebody_who_is_not_signed_in() => CompareAsync(ConformanceRequests.SignedOut);

    [Fact]
    public Task Headers() => CompareAsync(ConformanceRequests.Headers);

    [Fact]
    public Task Queries_and_spellings_of_paths() => CompareAsync(ConformanceRequests.Addresses);

    [Fact]
    public Task Bodies_and_their_types() => CompareAsync(ConformanceRequests.Bodies);

    [Fact]
    public async Task Rooms_that_are_made_entered_left_and_deleted()
    {
        foreach (var story in ConformanceRequests.Stories) await CompareAsync(story);
    }

    private async Task CompareAsync(IEnumerable<Exchange> exchanges)
    {
        var differences = new List<string>();
        foreach (var exchange in exchanges)
        {
            var expected = await lab.AskAsync(lab.EmbeddedWorld, exchange);
            var actual = await lab.AskAsync(lab.WorkerWorld, exchange);
            if (expected != actual) differences.Add($"{exchange}\n--- embedded\n{expected}\n--- worker\n{actual}\n");
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
