namespace ChatFunctions.Errors;

/// <summary>The wait for a service has ended before its answer came.</summary>
/// <param name="service">One of those in <see cref="ServiceFailure"/>.</param>
/// <param name="cause">What ended the wait.</param>
public sealed class NoAnswerException(string service, OperationCanceledException cause)
    : OperationCanceledException($"{service} has not answered in time.", cause, cause.CancellationToken)
{
    public string Service => service;
}
