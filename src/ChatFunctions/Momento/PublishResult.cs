namespace ChatFunctions.Momento;

/// <summary>Whether a message was published.</summary>
public enum PublishResult
{
    /// <summary>Nobody knows of any subscriber who has it: it was not sent, or refused, or nobody answered in time. In the last case it
    /// may have been published all the same.</summary>
    NotPublished,

    /// <summary>Momento has it, and delivers it to whoever subscribes.</summary>
    Published,
}
