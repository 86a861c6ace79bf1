using System.Reflection;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace ChatFunctions.Tests.Architecture;

/// <summary>Who may know whom in the app.</summary>
public sealed class LayeringTests
{
    private static readonly ArchUnitNET.Domain.Architecture App = new ArchLoader()
        .LoadAssemblies(typeof(ChatServices).Assembly, typeof(HttpContext).Assembly, typeof(TypedResults).Assembly).Build();

    private static readonly System.Type[] Functions =
    [
        .. typeof(ChatServices).Assembly.GetTypes().Where(type => type.GetMethods().Any(method => method.GetCustomAttribute<FunctionAttribute>() is not null)),
    ];

    [Fact]
    public void No_two_folders_use_each_other() =>
        SliceRuleDefinition.Slices().Matching("ChatFunctions.(*)").Should().BeFreeOfCycles().Check(App);

    [Fact]
    public void No_folder_uses_what_is_in_the_root_which_composes_them() =>
        Types().That().ResideInNamespaceMatching(@"^ChatFunctions\.")
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching("^ChatFunctions$")).Check(App);

    /// <summary>Who calls is read from the request, in Identity/.</summary>
    [Fact]
    public void Nothing_below_a_function_knows_HTTP() =>
        Types().That().ResideInNamespaceMatching(@"^ChatFunctions\.(?!Http$|Identity$|Local\.)").And().AreNot(Functions)
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^(ChatFunctions\.Http|Microsoft\.AspNetCore\.Http)$")).Check(App);
}
