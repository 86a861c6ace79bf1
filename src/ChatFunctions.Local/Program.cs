using System.Runtime.InteropServices;
using ChatFunctions.Local;
using Microsoft.Extensions.Options;

using var stopping = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await LocalRun.RunAsync(args, stopping.Token);
    return 0;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    return 0;
}
catch (Exception error) when (error
    is PortTakenException or NpmException or FormatException or OptionsValidationException or PlatformNotSupportedException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}

void Stop(PosixSignalContext signal)
{
    // The parts are stopped in order, then the process ends by itself.
    signal.Cancel = true;
    stopping.Cancel();
}
