namespace ChatFunctions.Benchmarks.Apps;

/// <summary>What is compared.</summary>
internal enum Design
{
    /// <summary>The app of this repository, in the embedded host.</summary>
    ChatFunctions,

    /// <summary>The same, as it is deployed: in the real worker, behind the tests' small Functions host.</summary>
    Worker,

    /// <summary>The limit: <see cref="BareApp"/>.</summary>
    Bare,

    /// <summary>The design that was ported: <see cref="PortedDesign.PortedApp"/>.</summary>
    Ported,
}
