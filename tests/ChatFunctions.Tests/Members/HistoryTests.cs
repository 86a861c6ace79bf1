using ChatFunctions.Tests.Cloud;
using CsCheck;

namespace ChatFunctions.Tests.Members;

/// <summary>Random histories of several people: the app answers as the model does, and lets in whom the model lets in.</summary>
public sealed class HistoryTests(TestCloud cloud)
{
    private const int Users = 4;
    private const int MaxRooms = 3;

    /// <summary>Numbers that become an act once it is known how many rooms and invitations there are.</summary>
    private static readonly Gen<(int Kind, int User, int What, int Target)> Choice =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, Users - 1], Gen.Int[0, 999], Gen.Int[0, Users - 1]);

    [Fact]
    public Task In_every_history_access_is_what_the_model_says_after_every_act() =>
        Choice.Array[12, 24].SampleAsync(async choices =>
        {
            using var history = await History.BeginAsync(cloud, Users);
            var model = new RoomModel();
            foreach (var choice in choices)
            {
                var act = ActOf(choice, model);
                Assert.Equal(model.Do(act), await history.DoAsync(act));
                Assert.True(await history.AgreesAsync(model), $"{act}");
            }

            Assert.True(await history.MomentoAgreesAsync(model));
        }, iter: 6, threads: 2);

    [Fact]
    public Task Whatever_happens_at_once_the_outcome_is_that_of_some_order() =>
        Choice.Array[3].Array[4, 8].SampleAsync(async rounds =>
        {
            using var history = await History.BeginAsync(cloud, Users);
            var model = new RoomModel();
            foreach (var act in new Act[] { new Act.Create(0), new Act.Invite(0, 0), new Act.Accept(1, 0), new Act.Accept(2, 0) })
            {
                Assert.Equal(model.Do(act), await history.DoAsync(act));
            }

            foreach (var round in rounds)
            {
                // What is made is made between the rounds, so that the numbers of rooms and invitations stay certain.
                var invitation = new Act.Invite(0, 0);
                Assert.Equal(model.Do(invitation), await history.DoAsync(invitation));
                var acts = round.Select(choice => ActOf(choice with { Kind = 4 + (choice.Kind % 6) }, model)).ToList();
                var answers = await Task.WhenAll(acts.Select(history.DoAsync));
                model = await OrderAsync(model, acts, answers, history)
                    ?? throw new InvalidOperationException($"No order explains {string.Join(", ", acts.Zip(answers))}.");
            }

            Assert.True(await history.MomentoAgreesAsync(model));
        }, iter: 6, threads: 2);

    /// <summary>A choice of kind 4 and above makes nothing.</summary>
    private static Act ActOf((int Kind, int User, int What, int Target) choice, RoomModel model) => choice.Kind switch
    {
        _ when model.Rooms == 0 => new Act.Create(choice.User),
        0 when model.Rooms < MaxRooms => new Act.Create(choice.User),
        <= 3 => new Act.Invite(choice.User, choice.What % model.Rooms),
        <= 6 when model.Invitations > 0 => new Act.Accept(choice.User, choice.What % model.Invitations),
        9 when choice.What % 4 == 0 => new Act.Delete(choice.User, choice.What % model.Rooms),
        _ => new Act.Remove(choice.User, choice.What % model.Rooms, choice.Target),
    };

    /// <returns>The model after the acts in an order that explains all answers and the access now; null if there is none.</returns>
    private static async Task<RoomModel?> OrderAsync(RoomModel before, List<Act> acts, int[] answers, History history)
    {
        foreach (var order in Permutations([.. Enumerable.Range(0, acts.Count)]))
        {
            var model = before.Copy();
            if (order.All(index => Explains(before, acts[index], model.Do(acts[index]), answers[index])) && await history.AgreesAsync(model)) return model;
        }

        return null;
    }

    /// <summary>
    /// Two who do away with the same at once are both told that it is gone: for the second one that is not to be told from an
    /// answer of its own that was lost.
    /// </summary>
    private static bool Explains(RoomModel before, Act act, int said, int answer) =>
        answer == said || (act is Act.Remove or Act.Delete && said == 404 && answer == 204 && before.Copy().Do(act) == 204);

    private static IEnumerable<List<int>> Permutations(List<int> items) => items.Count == 0
        ? [[]]
        : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]), (first, rest) => new List<int>([first, .. rest]));
}
