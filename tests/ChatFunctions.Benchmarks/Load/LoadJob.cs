using System.Text.Json.Serialization;

namespace ChatFunctions.Benchmarks.Load;

/// <summary>A load, told to the <see cref="LoadProcess"/>.</summary>
/// <param name="Concurrency">How many do it at once, each over and over.</param>
[JsonDerivedType(typeof(GetLoad), "get")]
[JsonDerivedType(typeof(WalkLoad), "walk")]
[JsonDerivedType(typeof(CreateLoad), "create")]
[JsonDerivedType(typeof(InsertLoad), "insert")]
[JsonDerivedType(typeof(EmptyRangeLoad), "emptyRange")]
[JsonDerivedType(typeof(FanOutLoad), "fanOut")]
[JsonDerivedType(typeof(SayLoad), "say")]
[JsonDerivedType(typeof(BatchLoad), "batch")]
[JsonDerivedType(typeof(RangeLoad), "range")]
[JsonDerivedType(typeof(DeliveryLoad), "delivery")]
internal abstract record LoadJob(int Concurrency)
{
    public abstract Task<LoadResult> RunAsync();
}
