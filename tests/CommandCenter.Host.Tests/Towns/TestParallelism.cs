// Each class has a host and a database of its own; more of them at once only wait for each other on a small machine.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
