namespace CommandCenter.Host.Tests.Towns;

/// <summary>People, places and things of the demonstration town that tests speak of.</summary>
public static class People
{
    public const string GridWorker = "grid-worker-01";
    public const string GridWorkerElsewhere = "grid-worker-02";
    public const string Operator = "center-operator-01";
    public const string Dispatcher = "dispatcher-01";
    public const string Handler = "post-handler-05";
    public const string HandlerOfSamePost = "post-handler-06";
    public const string SectorLead = "sector-lead-02";
    public const string TownLeader = "town-leader-01";
    public const string Secretary = "village-secretary-01";
    public const string Supervisor = "district-supervisor-01";
    public const string Resident = "resident";

    // Of the neighbouring town.
    public const string NeighbourOperator = "center-operator-04";
    public const string NeighbourDispatcher = "dispatcher-03";
}

/// <summary>Places of the demonstration town.</summary>
public static class Places
{
    public const string District = "500153";
    public const string Town = "500153003";
    public const string Village = "500153003001";
    public const string NeighbourTown = "500153004";
    public const string NeighbourGrid = "500153004001001";
    public const string OtherVillage = "500153003002";

    /// <summary>The grid of <see cref="People.GridWorker"/>, and a point inside it.</summary>
    public const string Grid = "500153003001001";

    public const string OtherGrid = "500153003001002";
    public const double Latitude = 29.342085;
    public const double Longitude = 105.502406;
}
