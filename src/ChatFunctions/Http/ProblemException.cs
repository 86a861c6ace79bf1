namespace ChatFunctions.Http;

/// <summary>Ends the request with this answer, from wherever it is known that nothing else is possible.</summary>
public sealed class ProblemException(Problem problem, Exception? inner = null) : Exception("The request ends with a problem.", inner)
{
    public Problem Problem { get; } = problem;
}
