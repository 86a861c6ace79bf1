namespace ChatFunctions.Benchmarks.Scenarios;

/// <summary>Measures in turn, A, B, C, A, B, C and so on, so that whatever else the machine does disturbs all of them alike.</summary>
internal static class Rounds
{
    /// <returns>For each of the measurements, what each round found.</returns>
    public static async Task<T[][]> AlternateAsync<T>(int rounds, params Func<Task<T>>[] measurements)
    {
        var found = measurements.Select(_ => new T[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var each = 0; each < measurements.Length; each++) found[each][round] = await measurements[each]();
        }

        return found;
    }
}
