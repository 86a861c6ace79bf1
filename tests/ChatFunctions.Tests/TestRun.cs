// Many tests wait, for an outage to pass or for a browser: more of them at a time than a machine has cores are done sooner.
[assembly: Xunit.v3.Parallelization(MaxThreads = 3)]
