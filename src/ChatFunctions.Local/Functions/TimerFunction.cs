using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using NCrontab;

namespace ChatFunctions.Local.Functions;

/// <summary>A function with a timer trigger, as its attributes tell it.</summary>
/// <param name="Name">The name in <c>[Function]</c>.</param>
/// <param name="Schedule">When it runs, in UTC.</param>
/// <param name="Method">The method to run; its class is made for each run.</param>
public sealed record TimerFunction(string Name, CrontabSchedule Schedule, MethodInfo Method)
{
    private static readonly CrontabSchedule.ParseOptions WithSeconds = new() { IncludingSeconds = true };

    /// <summary>All of an assembly.</summary>
    public static IEnumerable<TimerFunction> In(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMethods()
        let function = method.GetCustomAttribute<FunctionAttribute>()
        let triggers = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>())
        let trigger = triggers.FirstOrDefault(each => each is not null)
        where function is not null && trigger is not null
        select new TimerFunction(function.Name, CrontabSchedule.Parse(trigger.Schedule, WithSeconds), method);

    /// <summary>Runs it once.</summary>
    public async Task RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using var scope = services.CreateAsyncScope();
        var function = ActivatorUtilities.CreateInstance(scope.ServiceProvider, Method.DeclaringType!);
        var arguments = Method.GetParameters().Select(parameter =>
            parameter.ParameterType == typeof(CancellationToken) ? cancellation : (object)new TimerInfo());
        await (Task)Method.Invoke(function, [.. arguments])!;
    }
}
