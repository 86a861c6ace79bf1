namespace ChatFunctions.Momento;

/// <summary>What is published first where not everything can be.</summary>
public enum PublishPriority
{
    /// <summary>A message of a person, or what has to be known of one: it was changed, or is gone.</summary>
    Ordinary,

    /// <summary>What nobody misses: who types, who is there, reactions. It is dropped first.</summary>
    Low,
}
