using CommandCenter.Domain;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Admissions;
using CommandCenter.Host.Agendas;
using CommandCenter.Host.Audit;
using CommandCenter.Host.Board;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Deadlines;
using CommandCenter.Host.Demo;
using CommandCenter.Host.Duty;
using CommandCenter.Host.Files;
using CommandCenter.Host.Http;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Inbox.Channels;
using CommandCenter.Host.Listings;
using CommandCenter.Host.LocalPostgres;
using CommandCenter.Host.Meetings;
using CommandCenter.Host.Operations;
using CommandCenter.Host.Organization;
using CommandCenter.Host.Reviews;
using CommandCenter.Host.Simulation;
using CommandCenter.Host.Spots;
using CommandCenter.Host.Statistics;
using CommandCenter.Host.Tasks;
using CommandCenter.Host.Telemetry;
using CommandCenter.Host.Whistles;
using Npgsql;

namespace CommandCenter.Host;

/// <summary>The wiring of the application, top to bottom.</summary>
public sealed class CommandCenterHost : IAsyncDisposable
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    private readonly PrivatePostgres? _postgres;

    private CommandCenterHost(WebApplication application, PrivatePostgres? postgres, HostSettings settings)
    {
        Application = application;
        Settings = settings;
        _postgres = postgres;
    }

    public WebApplication Application { get; }

    public HostSettings Settings { get; }

    /// <summary>Builds the application on a database that is up and has its schema; nothing listens and no worker runs yet.</summary>
    /// <param name="clock">The clock that events are stamped with and timers come due by.</param>
    /// <param name="pacing">The clock that waits are measured by; the same one unless the first is moved by hand.</param>
    /// <exception cref="StartRefusedException">Something that an operator has to mend.</exception>
    /// <exception cref="LocalPostgresException">The private PostgreSQL could not be started.</exception>
    public static async Task<CommandCenterHost> BuildAsync(string[] arguments, TimeProvider clock, TimeProvider? pacing = null, CancellationToken cancellation = default)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = HostSettings.CommandLine(arguments), ContentRootPath = AppContext.BaseDirectory });
        var settings = HostSettings.From(builder.Configuration, arguments);
        pacing ??= clock;
        if (settings.Demo)
            clock = new PlayedClock(clock);
        var urls = builder.Configuration["urls"] ?? DefaultUrl;
        LoopbackOnly.CheckSettings(builder.Configuration);
        LoopbackOnly.Check(urls);
        LoopbackOnly.CheckFree(urls);
        builder.WebHost.UseUrls(urls);
        // A line for every request would bury the address that somebody is waiting for; settings still overrule this.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);
        // A stop that was asked for while starting is no failure, and the log would tell it as one.
        WebApplication? built = null;
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Information
            && built?.Lifetime is not { ApplicationStarted.IsCancellationRequested: false, ApplicationStopping.IsCancellationRequested: true });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // With room for what is read ahead, so that a photo is refused in its own words before this cuts in.
            kestrel.Limits.MaxRequestBodySize = FileType.LongestImage + (1024 * 1024);
        });

        var policies = ReadPolicies(settings);
        var plan = ReadNoticePlan(settings);

        PrivatePostgres? postgres = null;
        using var startLogging = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole(o => o.SingleLine = true));
        if (settings.ConnectionString is null)
            postgres = await PrivatePostgres.StartAsync(PrivatePostgresOptions.From(builder.Configuration), startLogging.CreateLogger("PostgreSQL"), cancellation);

        try
        {
            var database = Open(settings.ConnectionString ?? postgres!.ConnectionString);
            await InstallAsync(database, cancellation);

            // First of the hosted services: the application has its own handlers from here on.
            if (postgres is not null)
                builder.Services.AddHostedService(provider => new SignalHandOver(postgres, provider.GetRequiredService<IHostApplicationLifetime>()));
            AddServices(builder.Services, settings, clock, pacing, database, plan);
            TelemetryExport.Add(builder);
            var application = built = builder.Build();
            await PrepareAsync(application.Services, database, settings, policies, cancellation);
            Map(application);
            return new CommandCenterHost(application, postgres, settings);
        }
        catch
        {
            if (postgres is not null)
                await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Raises the log's epoch after a restore, with no host running, and returns the new one.</summary>
    /// <exception cref="StartRefusedException">A host runs on the database, or it cannot be opened.</exception>
    /// <exception cref="LocalPostgresException">The private PostgreSQL could not be started, or belongs to a host that runs.</exception>
    public static async Task<int> RaiseEpochAsync(string[] arguments, TimeProvider clock, CancellationToken cancellation = default)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = HostSettings.CommandLine(arguments), ContentRootPath = AppContext.BaseDirectory });
        var settings = HostSettings.From(builder.Configuration, arguments);
        using var logging = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole(o => o.SingleLine = true));
        await using var postgres = settings.ConnectionString is null
            ? await PrivatePostgres.StartAsync(PrivatePostgresOptions.From(builder.Configuration), logging.CreateLogger("PostgreSQL"), cancellation)
            : null;
        await using var database = Open(settings.ConnectionString ?? postgres!.ConnectionString);
        await InstallAsync(database, cancellation);
        try
        {
            await using var presence = new NodePresence(database, clock);
            if (!await presence.TryExcludeAsync(cancellation))
                throw new StartRefusedException("A command center runs on this database. Stop every one of them before the epoch is raised.");
            await using var log = new PostgresEventLog(database, clock);
            return await log.RaiseEpochAsync(cancellation);
        }
        catch (NpgsqlException e)
        {
            throw new StartRefusedException($"The epoch could not be raised: {e.Message} Check ConnectionStrings__CommandCenter and the rights of its user.", e);
        }
    }

    /// <summary>Plays a made-up district's history into an empty log; a log that is not empty is left as it is.</summary>
    /// <param name="towns">1 to 21.</param>
    /// <exception cref="StartRefusedException">The log is not empty, a host runs on the database, or it cannot be opened.</exception>
    /// <exception cref="LocalPostgresException">The private PostgreSQL could not be started, or belongs to a host that runs.</exception>
    internal static async Task<SimulationReport> SimulateAsync(
        string[] arguments, int towns, Func<TimeZoneInfo, SimulationPlan> plan, TimeProvider real, IProgress<SimulationProgress>? progress, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = HostSettings.CommandLine(arguments), ContentRootPath = AppContext.BaseDirectory });
        // Nobody is to be sent a message about what never happened.
        var settings = HostSettings.From(builder.Configuration, arguments) with { Demo = false, NoticeChannels = [] };
        var policies = ReadPolicies(settings);
        var bundled = ((OrganizationReading.Complete)ReadOrganizationFolder(OrganizationFolder.DemoDistrict)).Content;
        using var logging = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole(o => o.SingleLine = true).AddFilter(level => level >= LogLevel.Warning));
        await using var postgres = settings.ConnectionString is null
            ? await PrivatePostgres.StartAsync(PrivatePostgresOptions.From(builder.Configuration), logging.CreateLogger("PostgreSQL"), cancellation)
            : null;
        await using var database = Open(Hasty(settings.ConnectionString ?? postgres!.ConnectionString));
        await InstallAsync(database, cancellation);
        await using var presence = new NodePresence(database, real);
        if (!await presence.TryExcludeAsync(cancellation))
            throw new StartRefusedException("有指挥中心正在使用这个数据库，请先停止再模拟。 A command center runs on this database; stop it before a history is simulated.");

        var clock = new PlayedClock(real);
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(builder.Configuration);
        services.AddLogging(log => log.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole(o => o.SingleLine = true).AddFilter(level => level >= LogLevel.Warning));
        AddServices(services, settings, clock, real, database, ReadNoticePlan(settings));
        services.AddSingleton<ILateCases>(provider => provider.GetRequiredService<SimulatedLateCases>());
        services.AddSingleton<IEventLog>(provider => new PlayedLog(provider.GetRequiredService<SharedFollow>()));
        await using var provider = services.BuildServiceProvider();
        if ((await provider.GetRequiredService<IEventLog>().HeadAsync(cancellation)).Last.Position > 0)
            throw new StartRefusedException("这个数据库里已有记录，历史只能模拟进空库，什么也没有写入。请换一个空的数据库或数据目录。 The log of this database is not empty, and a history is simulated into an empty one only: nothing was written. Name another database or data folder.");
        await KeyCheck.RequireAsync(database, provider.GetRequiredService<IKeyStore>(), cancellation);

        var content = SimulatedDistrict.Content(bundled, towns);
        var asked = plan(TimeZoneInfo.FindSystemTimeZoneById(content.TimeZone));
        clock.SetTo(asked.From - TimeSpan.FromMinutes(1));
        IHostedService organization = provider.GetRequiredService<LiveOrganization>(), live = provider.GetRequiredService<LivePolicies>();
        await provider.GetRequiredService<LiveOrganization>().LoadAsync(cancellation);
        await provider.GetRequiredService<LiveOrganization>().BeginAsync(content, cancellation);
        await BeginAsync(provider, settings, policies, cancellation);
        await organization.StartAsync(cancellation);
        await live.StartAsync(cancellation);
        try
        {
            return await provider.GetRequiredService<ISimulation>().PlayAsync(asked, progress, cancellation);
        }
        finally
        {
            await live.StopAsync(CancellationToken.None);
            await organization.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Plays cases of a district on a host that runs, over HTTP.</summary>
    /// <exception cref="StartRefusedException">There is no command center at the address.</exception>
    internal static async Task<SimulationReport> SimulateLiveAsync(string[] arguments, Uri address, SimulationPlan plan, double speed, TimeProvider real, IProgress<SimulationProgress>? progress, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = HostSettings.CommandLine(arguments), ContentRootPath = AppContext.BaseDirectory });
        var (begun, others) = ReadPolicies(HostSettings.From(builder.Configuration, arguments));
        var years = begun.Concat(others).OfType<WorkingCalendarAdopted>().SelectMany(adopted => adopted.Years).ToList();
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        return await new LiveSimulation(http, new DayCalendar(years), real).PlayAsync(plan, speed, progress, cancellation);
    }

    // A history that is cut off is simply begun anew, so no commit has to wait for the disk.
    private static string Hasty(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        parts.Options = $"{parts.Options} -c synchronous_commit=off".Trim();
        return parts.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    private static void AddServices(
        IServiceCollection services, HostSettings settings, TimeProvider clock, TimeProvider pacing, NpgsqlDataSource database, NoticePlan plan)
    {
        services.AddSingleton(settings);
        services.AddSingleton(clock);
        services.AddSingleton(new Pacing(pacing));
        services.AddSingleton(_ => database);

        // The log, its timers and the catalogue of events.
        services.AddSingleton(StoredEvents.Catalogue());
        services.AddSingleton(provider => new PostgresEventLog(
            database, clock, new PostgresEventLogOptions { WaitClock = pacing }, provider.GetRequiredService<ILogger<PostgresEventLog>>()));
        // Whoever follows the log in this process shares one read of it.
        services.AddSingleton(provider => new SharedFollow(
            provider.GetRequiredService<PostgresEventLog>(), clock, new SharedFollowOptions { WaitClock = pacing }, provider.GetRequiredService<ILogger<SharedFollow>>()));
        services.AddSingleton<IEventLog>(provider => provider.GetRequiredService<SharedFollow>());
        services.AddSingleton<ITimerStore>(_ => new PostgresTimerStore(database));

        // Who and where. A request takes the organization as it stands when it comes; what lives longer asks again.
        services.AddSingleton<OrganizationNames>();
        services.AddSingleton<OrganizationStream>();
        services.AddSingleton(_ => new OpenWorkList(database, pacing));
        services.AddSingleton<OrganizationPage>();
        services.AddSingleton<BorderPages>();
        services.AddSingleton<LiveOrganization>();
        services.AddSingleton<IOrganization>(provider => provider.GetRequiredService<LiveOrganization>());
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<LiveOrganization>());
        services.AddTransient(provider => provider.GetRequiredService<LiveOrganization>().Now);
        services.AddHostedService(provider => provider.GetRequiredService<LiveOrganization>());

        // By which limits and on which days time is counted: asked anew in the same way.
        services.AddSingleton<PolicyStream>();
        services.AddSingleton<LivePolicies>();
        services.AddSingleton<IPolicies>(provider => provider.GetRequiredService<LivePolicies>());
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<LivePolicies>());
        services.AddTransient(provider => provider.GetRequiredService<LivePolicies>().Now);
        services.AddHostedService(provider => provider.GetRequiredService<LivePolicies>());
        services.AddSingleton<PolicyKind>();
        services.AddSingleton<PolicyEndpoint>();
        services.AddSingleton<RecountWorker>();

        services.AddSingleton(provider => new TimerWorker(
            provider.GetRequiredService<ITimerStore>(), clock, provider.GetRequiredService<SagaTimers>().FireAsync, provider.GetRequiredService<PostgresEventLog>().TimersChanged,
            // The demonstration's past is the same on every start, so its timers are handled one after the other.
            new TimerWorkerOptions { Parallel = settings.Demo ? 1 : 128, AtMost = 200 },
            provider.GetRequiredService<ILogger<TimerWorker>>()));

        // Personal data and photos, outside the database.
        services.AddSingleton<IKeyStore>(_ => new FolderKeyStore(Path.Combine(settings.DataFolder, "keys"), clock));
        services.AddSingleton<Sealer>();
        services.AddSingleton<PersonalText>();
        services.AddSingleton(provider => new SealedFiles(Path.Combine(settings.DataFolder, "files"), provider.GetRequiredService<IKeyStore>()));

        services.AddSingleton<FileShelf>();
        services.AddSingleton(provider => new Uploads(
            database, provider.GetRequiredService<FileShelf>(), provider.GetRequiredService<IKeyStore>(), Path.Combine(settings.DataFolder, "uploads")));
        services.AddSingleton<UploadQuota>();
        services.AddSingleton<UploadEndpoints>();
        services.AddSingleton<FileCollector>();

        // The one way to a stream, and to a case.
        services.AddSingleton<Identifiers>();
        services.AddSingleton(plan);
        services.AddSingleton(provider => Routes(plan, settings, provider.GetRequiredService<IPolicies>(), provider.GetRequiredService<IOrganization>()));
        services.AddSingleton<StreamCommands>();
        services.AddSingleton<CommandEndpoint>();
        services.AddSingleton<SagaTimers>();
        services.AddSingleton<CaseKind>();
        services.AddSingleton<CaseStreams>();
        services.AddSingleton<ITimerHandler>(provider => provider.GetRequiredService<CaseStreams>());

        // Notices: their own timers, and the channels that they go out by.
        services.AddSingleton(provider => WhoIsOnDuty(provider.GetRequiredService<IOrganization>()));
        services.AddSingleton<InboxStreams>();
        services.AddSingleton<ITimerHandler>(provider => provider.GetRequiredService<InboxStreams>());
        foreach (var channel in settings.NoticeChannels)
            services.AddSingleton<INoticeChannel>(_ => new WebhookChannel(channel, clock));
        services.AddSingleton<IOutbox>(_ => new PostgresOutbox(database));
        services.AddSingleton<OutboxRelayOptions>();
        services.AddSingleton<NoticeDelivery>();
        services.AddSingleton(provider => new OutboxRelay(
            provider.GetRequiredService<IOutbox>(), clock, new Dictionary<string, OutboxHandler> { [NoticeMessage.Kind] = provider.GetRequiredService<NoticeDelivery>().HandleAsync },
            provider.GetRequiredService<PostgresEventLog>().OutboxChanged, provider.GetRequiredService<OutboxRelayOptions>(), provider.GetRequiredService<ILogger<OutboxRelay>>()));
        services.AddSingleton<NamedFiles>();
        services.AddSingleton<CaseCommandEndpoint>();

        // Lists of tasks, and the admission lists that they are measured by.
        services.AddSingleton<OrganizationKind>();
        services.AddSingleton<OrganizationEndpoint>();
        services.AddSingleton<TaskListKind>();
        services.AddSingleton<TaskKind>();
        services.AddSingleton<TaskStreams>();
        services.AddSingleton<ITimerHandler, TaskListTimers>();
        services.AddSingleton<ITimerHandler, TaskTimers>();
        services.AddSingleton<TaskEndpoint>();
        services.AddSingleton<AdmissionStreams>();
        services.AddSingleton<SpotStreams>();
        services.AddSingleton<HotlineStreams>();
        services.AddSingleton<AdmissionEndpoint>();
        services.AddSingleton(ReadMeetingPolicies(settings));
        services.AddSingleton<MeetingKind>();
        services.AddSingleton<MeetingStreams>();
        services.AddSingleton<MeetingEndpoint>();
        services.AddSingleton<ListImport>();
        services.AddSingleton<AgendaStreams>();
        services.AddSingleton<ITimerHandler>(provider => provider.GetRequiredService<AgendaStreams>());
        services.AddSingleton<AgendaEndpoint>();
        services.AddSingleton<ListingKind>();
        services.AddSingleton<ILateCases, LateCasesTable>();
        services.AddSingleton<ListingStreams>();
        services.AddSingleton<ICaseClimbing>(provider => provider.GetRequiredService<ListingStreams>());
        services.AddSingleton<IRecounted>(provider => provider.GetRequiredService<ListingStreams>());
        services.AddSingleton<ITimerHandler>(provider => provider.GetRequiredService<ListingStreams>());
        services.AddSingleton<ListingEndpoint>();
        services.AddSingleton<GuidanceKind>();
        services.AddSingleton<ReviewKind>();
        services.AddSingleton<ReviewStreams>();
        services.AddSingleton<ITimerHandler, GuidanceTimers>();
        services.AddSingleton<ITimerHandler, ReviewTimers>();
        services.AddSingleton<ReviewEndpoint>();
        services.AddSingleton<WhistleKind>();
        services.AddSingleton<WhistleStreams>();
        services.AddSingleton<ITimerHandler>(provider => provider.GetRequiredService<WhistleStreams>());
        services.AddSingleton<WhistleEndpoint>();

        // Who is on duty at the centers, and who is absent.
        services.AddSingleton<DutyStreams>();
        services.AddSingleton<ITimerHandler>(provider => provider.GetRequiredService<DutyStreams>());
        services.AddSingleton<OpenMatters>();
        services.AddSingleton<DutyEndpoint>();
        services.AddSingleton<AbsenceKind>();
        services.AddSingleton<AbsenceEndpoint>();

        // The read side: tables by projections, the board in memory.
        services.AddSingleton<CaseTable>();
        services.AddSingleton<InboxTable>();
        services.AddSingleton<TaskTable>();
        services.AddSingleton<MeetingTable>();
        services.AddSingleton<WhistleTable>();
        services.AddSingleton<AgendaTable>();
        services.AddSingleton<ListingTable>();
        services.AddSingleton<ReviewTable>();
        services.AddSingleton<StatisticsTable>();
        services.AddSingleton(provider => new ReadTables(
        [
            provider.GetRequiredService<CaseTable>(), provider.GetRequiredService<MeetingTable>(), provider.GetRequiredService<TaskTable>(), provider.GetRequiredService<WhistleTable>(),
            provider.GetRequiredService<AgendaTable>(), provider.GetRequiredService<ListingTable>(), provider.GetRequiredService<ReviewTable>(), provider.GetRequiredService<InboxTable>(), provider.GetRequiredService<StatisticsTable>(),
        ]));
        services.AddSingleton(provider => new ReadPositions(
            provider.GetRequiredService<ReadTables>().All.ToDictionary(
                projection => projection.Name,
                projection => new ProjectionRunner(
                    database, provider.GetRequiredService<IEventLog>(), projection, clock, new ProjectionRunnerOptions { WaitClock = pacing }, provider.GetRequiredService<ILogger<ProjectionRunner>>()))));
        services.AddSingleton(provider => new CoverageAudit(
            database, provider.GetRequiredService<ReadTables>().All, clock, new CoverageAuditOptions { WaitClock = pacing }, provider.GetRequiredService<ILogger<CoverageAudit>>()));
        services.AddSingleton<Rebuilds>();
        services.AddSingleton<ProjectionReport>();
        services.AddSingleton(provider => new BoardSources(
            provider.GetRequiredService<IEventLog>(), provider.GetRequiredService<StreamCommands>(), provider.GetRequiredService<IOrganization>(), database, provider.GetRequiredService<ReadPositions>()));
        services.AddSingleton(provider => new BoardSnapshots(provider.GetRequiredService<BoardSources>(), settings.BoardSnapshotEvery, provider.GetRequiredService<ILogger<BoardSnapshots>>()));
        services.AddSingleton<PastBoard>();
        services.AddSingleton<WallCount>();
        services.AddSingleton(provider => provider.GetRequiredService<PostgresEventLog>().Traces);
        services.AddSingleton<LiveBoard>();
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<LiveBoard>());

        services.AddSingleton(_ => new NodePresence(database, pacing));
        services.AddHostedService<PresenceWorker>();

        // Workers. The demonstration town plays its past before the deadlines run by the real clock.
        if (clock is PlayedClock played)
        {
            services.AddSingleton(played);
            services.AddSingleton<SimulatedLateCases>();
            services.AddSingleton<SimulationRefusals>();
            services.AddSingleton<SimulationDriver>();
            services.AddSingleton<SimulatedTasks>();
            services.AddSingleton<SimulatedWhistles>();
            services.AddSingleton<SimulatedMeetings>();
            services.AddSingleton<SimulatedAgendas>();
            services.AddSingleton<ISimulation, SimulationRunner>();
        }

        if (settings.Demo)
        {
            services.AddSingleton<DemoDriver>();
            services.AddSingleton<DemoDuty>();
            services.AddSingleton<DemoAdmissions>();
            services.AddHostedService<DemoTown>();
        }

        services.AddHostedService<ProjectionWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveBoard>());
        services.AddHostedService<DeadlineWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<RecountWorker>());
        services.AddHostedService<HolderWorker>();
        services.AddHostedService<TaskHolderWorker>();
        services.AddHostedService<NoticeRelayWorker>();
        services.AddSingleton<MeetingFollower>();
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<MeetingFollower>());
        services.AddHostedService(provider => provider.GetRequiredService<MeetingFollower>());
        services.AddHostedService<AuditWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<Rebuilds>());
        services.AddHostedService<Housekeeping>();
        services.AddHostedService(provider => provider.GetRequiredService<FileCollector>());

        services.ConfigureHttpJsonOptions(json => DomainJson.Apply(json.SerializerOptions));
        services.AddSignalR(signalr => signalr.EnableDetailedErrors = false).AddJsonProtocol(json => DomainJson.Apply(json.PayloadSerializerOptions));
        services.AddApiDocument();
    }

    /// <summary>The read tables' projections, for who works on a database without a host.</summary>
    internal static async Task<ReadTables> TablesAsync(IEventLog log, HostSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        var catalogue = StoredEvents.Catalogue();
        var organization = new ReadOrganization(await new OrganizationStream(log, catalogue, names: null).LoadAsync(cancellation), clock);
        var plan = ReadNoticePlan(settings);
        var history = (await new PolicyStream(log, catalogue).LoadAsync(cancellation)).History;
        var policies = new ReadPolicies(history, clock, history.Revision);
        var commands = new StreamCommands(log, catalogue, Routes(plan, settings, policies, organization));
        var streams = new CaseStreams(commands, new CaseKind(organization, policies, plan), []);
        return new ReadTables([new CaseTable(streams, organization), new MeetingTable(commands), new TaskTable(commands), new WhistleTable(commands), new AgendaTable(commands), new ListingTable(commands, organization), new ReviewTable(commands), new InboxTable(streams), new StatisticsTable(streams, organization)]);
    }

    private static void Map(WebApplication application)
    {
        TelemetryExport.Use(application);
        application.UseMiddleware<ProblemWriter>();
        application.UseWebSockets();
        application.Use(async (context, next) =>
        {
            LoopbackOnly.Check(context);
            if (context.Request.Path.StartsWithSegments("/api"))
                context.Response.Headers.CacheControl = "private, no-store";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            if (context.Request.Path == "/hubs/board" && !context.WebSockets.IsWebSocketRequest && !context.Request.Query.ContainsKey("id"))
                throw Problems.Malformed("This is the walls' hub: negotiate or open a WebSocket.");
            await next(context);
        });
        application.UsePages();
        application.UseRouting();

        ReportCaseEndpoint.Map(application);
        GetSpot.Map(application);
        ListSpots.Map(application);
        FileCaseEndpoint.Map(application);
        RefuseCaseEndpoint.Map(application);
        DispatchCaseEndpoint.Map(application);
        ClaimCaseEndpoint.Map(application);
        ReturnCaseEndpoint.Map(application);
        RecallCaseEndpoint.Map(application);
        CompleteCaseEndpoint.Map(application);
        VerifyCaseEndpoint.Map(application);
        RateCaseEndpoint.Map(application);
        CloseCaseEndpoint.Map(application);
        ReportSolvedCaseEndpoint.Map(application);
        SendCaseToVillageEndpoint.Map(application);
        PassCaseUpEndpoint.Map(application);
        SettleCaseEndpoint.Map(application);
        OrderCaseCheckEndpoint.Map(application);
        ReportCaseCheckEndpoint.Map(application);
        RedirectCaseEndpoint.Map(application);
        MergeCaseEndpoint.Map(application);
        UnmergeCaseEndpoint.Map(application);
        SplitCaseEndpoint.Map(application);
        LinkCaseEndpoint.Map(application);
        UnlinkCaseEndpoint.Map(application);
        TakeOnCaseEndpoint.Map(application);
        ReassignCaseEndpoint.Map(application);
        PlanCaseEndpoint.Map(application);
        ProgressCaseEndpoint.Map(application);
        AddSubtaskEndpoint.Map(application);
        FinishSubtaskEndpoint.Map(application);
        DropSubtaskEndpoint.Map(application);
        RecordFundingEndpoint.Map(application);
        CorrectFundingEndpoint.Map(application);
        GiveCaseFeedbackEndpoint.Map(application);
        HandCaseToEnforcementEndpoint.Map(application);
        ReopenCaseEndpoint.Map(application);
        UrgeCaseEndpoint.Map(application);
        AcknowledgeAlarmEndpoint.Map(application);
        SuperviseCaseEndpoint.Map(application);
        AnswerSupervisionEndpoint.Map(application);
        RaiseCaseLevelEndpoint.Map(application);
        LowerCaseLevelEndpoint.Map(application);
        AskExtensionEndpoint.Map(application);
        ApproveExtensionEndpoint.Map(application);
        RefuseExtensionEndpoint.Map(application);
        AskSuspensionEndpoint.Map(application);
        ApproveSuspensionEndpoint.Map(application);
        RefuseSuspensionEndpoint.Map(application);
        ResumeCaseEndpoint.Map(application);
        AppealLatenessEndpoint.Map(application);
        ReviewAppealEndpoint.Map(application);
        RequestCaseTransferEndpoint.Map(application);
        AcceptCaseTransferEndpoint.Map(application);
        DeclineCaseTransferEndpoint.Map(application);
        TransferCaseEndpoint.Map(application);
        ListCases.Map(application);
        GetCase.Map(application);
        GetCaseHistory.Map(application);
        GetDeadlines.Map(application);
        GetPolicy.Map(application);
        ImportPolicyEndpoint.Map(application);
        ImportCalendarEndpoint.Map(application);
        EditPolicyEndpoint.Map(application);
        UploadPhoto.Map(application);
        UploadEndpoints.Map(application);
        GetCasePhoto.Map(application);
        DraftTaskListEndpoint.Map(application);
        ReviseTaskListEndpoint.Map(application);
        PublishTaskListEndpoint.Map(application);
        WithdrawTaskListEndpoint.Map(application);
        CloseTaskListEndpoint.Map(application);
        ListTaskLists.Map(application);
        GetTaskList.Map(application);
        GetTaskListAccount.Map(application);
        ListTaskScores.Map(application);
        ClaimTaskEndpoint.Map(application);
        ReleaseTaskEndpoint.Map(application);
        ProgressTaskEndpoint.Map(application);
        CompleteTaskEndpoint.Map(application);
        ReturnTaskEndpoint.Map(application);
        ResendTaskEndpoint.Map(application);
        CheckTaskEndpoint.Map(application);
        CancelTaskEndpoint.Map(application);
        ListTasks.Map(application);
        GetTask.Map(application);
        GetTaskPhoto.Map(application);
        AdoptAdmissionListEndpoint.Map(application);
        RequestAdditionEndpoint.Map(application);
        ApproveAdditionEndpoint.Map(application);
        RejectAdditionEndpoint.Map(application);
        EndAdditionEndpoint.Map(application);
        GetAdmissions.Map(application);
        ListMatters.Map(application);
        PlanMeetingEndpoint.Map(application);
        RegisterMeetingEndpoint.Map(application);
        HoldMeetingEndpoint.Map(application);
        CancelMeetingEndpoint.Map(application);
        RecordMinutesEndpoint.Map(application);
        ImportListEndpoint.Map(application);
        ImportListCsvEndpoint.Map(application);
        GiveFeedbackEndpoint.Map(application);
        ReconcileMeetingEndpoint.Map(application);
        StrikeOffMeetingEndpoint.Map(application);
        ListMeetings.Map(application);
        GetMeetingPolicy.Map(application);
        GetMeeting.Map(application);
        GetMeetingFeedback.Map(application);
        ListYards.Map(application);
        GetYardHistory.Map(application);
        GetMeetingPhoto.Map(application);
        BlowWhistleEndpoint.Map(application);
        CallUnitsEndpoint.Map(application);
        RouteCallEndpoint.Map(application);
        DeclineCallEndpoint.Map(application);
        ArriveEndpoint.Map(application);
        AdviseEndpoint.Map(application);
        ResolveCallEndpoint.Map(application);
        RateCallEndpoint.Map(application);
        DropCallEndpoint.Map(application);
        WithdrawWhistleEndpoint.Map(application);
        ListWhistles.Map(application);
        GetWhistleResponse.Map(application);
        GetStatistics.Map(application);
        ListStatisticsFigures.Map(application);
        ListStatisticsCases.Map(application);
        GetWhistle.Map(application);
        GetWhistlePhoto.Map(application);
        PrepareAgendaEndpoint.Map(application);
        CancelAgendaEndpoint.Map(application);
        AddAgendaItemEndpoint.Map(application);
        NameAgendaLeadEndpoint.Map(application);
        StrikeAgendaItemEndpoint.Map(application);
        ReportAgendaProgressEndpoint.Map(application);
        ConcludeAgendaEndpoint.Map(application);
        AppraiseAgendaItemEndpoint.Map(application);
        GetAgenda.Map(application);
        ListAgendaItems.Map(application);
        GetAgendaAttachment.Map(application);
        OpenListingEndpoint.Map(application);
        ReportListingEndpoint.Map(application);
        LiftListingEndpoint.Map(application);
        ListListings.Map(application);
        GetListing.Map(application);
        PlanGuidanceEndpoint.Map(application);
        BeginGuidanceEndpoint.Map(application);
        FinishGuidanceEndpoint.Map(application);
        CallOffGuidanceEndpoint.Map(application);
        RecordGuidanceEndpoint.Map(application);
        FollowUpGuidanceEndpoint.Map(application);
        ListGuidances.Map(application);
        GetGuidance.Map(application);
        PrepareReviewEndpoint.Map(application);
        RecordLessonEndpoint.Map(application);
        LeaveOutItemEndpoint.Map(application);
        ConcludeReviewEndpoint.Map(application);
        CancelReviewEndpoint.Map(application);
        FinishMeasureEndpoint.Map(application);
        ListReviews.Map(application);
        GetReview.Map(application);
        PlanDutyEndpoint.Map(application);
        ImportDutyEndpoint.Map(application);
        ReassignDutyEndpoint.Map(application);
        SwapDutyEndpoint.Map(application);
        CancelDutyEndpoint.Map(application);
        HandOverDutyEndpoint.Map(application);
        AcceptDutyEndpoint.Map(application);
        TakeOverDutyEndpoint.Map(application);
        GetDuty.Map(application);
        RecordAbsenceEndpoint.Map(application);
        EndAbsenceEndpoint.Map(application);
        GetAbsences.Map(application);
        ListInbox.Map(application);
        ReadNotice.Map(application);
        GetCaseNotices.Map(application);
        GetNoticePlan.Map(application);
        GetOrganization.Map(application);
        GetBorders.Map(application);
        AppointPersonEndpoint.Map(application);
        RelievePersonEndpoint.Map(application);
        MovePersonEndpoint.Map(application);
        RegisterPersonEndpoint.Map(application);
        DismissPersonEndpoint.Map(application);
        RenameUnitEndpoint.Map(application);
        CloseUnitEndpoint.Map(application);
        RedrawGridEndpoint.Map(application);
        GetBoard.Map(application);
        GetProofs.Map(application);
        GetProjections.Map(application);
        RebuildProjection.Map(application);
        ReplayParked.Map(application);
        GetOutbox.Map(application);
        ReplayDeadLetter.Map(application);
        ReplayDeadLetters.Map(application);
        application.MapHub<BoardHub>("/hubs/board");
        Health.Map(application);
        application.MapApiDocument();
    }

    /// <exception cref="StartRefusedException">The folder or a file cannot be read at all.</exception>
    internal static OrganizationReading ReadOrganizationFolder(string folder)
    {
        try
        {
            return OrganizationFolder.Read(folder);
        }
        catch (IOException e)
        {
            throw new StartRefusedException(e.Message, e);
        }
    }

    internal static (IReadOnlyList<PolicyEvent> Begun, IReadOnlyList<PolicyEvent> Others) ReadPolicies(HostSettings settings)
    {
        try
        {
            return PolicyFolder.Read(settings.PolicyFolder, settings.Policy, settings.CalendarFolder);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new StartRefusedException(e.Message, e);
        }
    }

    internal static NoticePlan ReadNoticePlan(HostSettings settings)
    {
        try
        {
            var plan = NoticePlanFile.Read(settings.NoticePlan);
            var named = plan.Rules.SelectMany(rule => rule.Channels).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            // Somebody wrote another name than they meant; they would wait for messages that never come.
            return settings.NoticeChannels.FirstOrDefault(channel => !named.Contains(channel.Name)) is { } unnamed
                ? throw new StartRefusedException($"The notice plan {settings.NoticePlan} never names the channel {unnamed.Name}, so nothing would go out by it. It names {string.Join(", ", named)}.")
                : plan;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(e.Message, e);
        }
    }

    private static DutyRoster WhoIsOnDuty(IOrganization organization) =>
        (place, at) => [.. organization.At(at).OnDutyAt(place).Select(on => on.Person).Distinct(StringComparer.Ordinal)];

    private static NoticeRoutes Routes(NoticePlan plan, HostSettings settings, IPolicies policies, IOrganization organization) =>
        new(plan, [.. settings.NoticeChannels.Select(channel => channel.Name)], policies, organization);

    private static MeetingPolicyBook ReadMeetingPolicies(HostSettings settings)
    {
        try
        {
            return MeetingPolicyFolder.Read(settings.MeetingPolicyFolder, settings.MeetingPolicy);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new StartRefusedException(e.Message, e);
        }
    }

    internal static NpgsqlDataSource Open(string connectionString)
    {
        try
        {
            return new NpgsqlDataSourceBuilder(PostgresEventLogOptions.Tune(connectionString)).Build();
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidOperationException or NotSupportedException)
        {
            throw new StartRefusedException($"ConnectionStrings__CommandCenter cannot be read: {e.Message}", e);
        }
    }

    private static async Task InstallAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        try
        {
            await SchemaInstaller.InstallAsync(database, cancellation);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw new StartRefusedException($"The database could not be opened or set up: {e.Message} Check ConnectionStrings__CommandCenter and that its user may create tables.", e);
        }
        catch (InvalidOperationException e)
        {
            // The server is too old, or the schema is newer than this program.
            throw new StartRefusedException(e.Message, e);
        }
    }

    // The first start takes organization, deadline policy and calendar from their folders into the log; from then on the log is what counts, and files are imported by a verb.
    private static async Task BeginAsync(IServiceProvider services, HostSettings settings, (IReadOnlyList<PolicyEvent> Begun, IReadOnlyList<PolicyEvent> Others) policies, CancellationToken cancellation)
    {
        await BeginOrganizationAsync(services, settings, cancellation);
        var live = services.GetRequiredService<LivePolicies>();
        await live.LoadAsync(cancellation);
        if (live.Version > 0)
            return;
        // Cases of a log that is older than its policies go on under the versions that they name.
        var hasClocks = (await services.GetRequiredService<IEventLog>().ReadTypesAsync(["case_clock_started"], 0, 1, cancellation)).Count > 0;
        await live.BeginAsync(hasClocks ? [.. policies.Others, .. policies.Begun] : policies.Begun, services.GetRequiredService<LiveOrganization>().Now.District, cancellation);
    }

    private static async Task BeginOrganizationAsync(IServiceProvider services, HostSettings settings, CancellationToken cancellation)
    {
        var organization = services.GetRequiredService<LiveOrganization>();
        await organization.LoadAsync(cancellation);
        if (organization.Version > 0)
            return;

        var content = ReadOrganizationFolder(settings.OrganizationFolder) switch
        {
            OrganizationReading.Complete complete => complete.Content,
            OrganizationReading.Refused refused => throw new StartRefusedException(
                $"The organization in {settings.OrganizationFolder} cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, refused.Errors)}"),
            _ => throw new InvalidOperationException("A reading is complete or refused."),
        };
        if (services.GetService<PlayedClock>() is { } demo && (await services.GetRequiredService<IEventLog>().HeadAsync(cancellation)).Last.Position == 0)
            DemoTown.BeginPast(settings, demo);
        else
            DemoTown.LeavePast(settings);
        await organization.BeginAsync(content, cancellation);
    }

    // The keys must be this log's, and the read tables must be there before anything asks for them.
    private static async Task PrepareAsync(IServiceProvider services, NpgsqlDataSource database, HostSettings settings, (IReadOnlyList<PolicyEvent> Begun, IReadOnlyList<PolicyEvent> Others) policies, CancellationToken cancellation)
    {
        try
        {
            if (!await services.GetRequiredService<NodePresence>().TryShareAsync(cancellation))
                throw new StartRefusedException("Somebody raises this database's epoch at this moment. Start again when that is done.");
            await KeyCheck.RequireAsync(database, services.GetRequiredService<IKeyStore>(), cancellation);
            // Each under its runner's lock, because another node may start at the same moment.
            foreach (var runner in services.GetRequiredService<ReadPositions>().Runners.Values)
                await runner.CreateTablesAsync(cancellation);
            await services.GetRequiredService<BoardSnapshots>().CreateTableAsync(cancellation);
            // Without the demonstration's clock the deadlines of its past would fire at the present one.
            if (!settings.Demo && DemoTown.IsPastUnfinished(settings) && (await services.GetRequiredService<IEventLog>().HeadAsync(cancellation)).Last.Position > 0)
                throw new StartRefusedException("The demonstration town's past was cut short at its first start. Start once more with --demo, which plays it to its end.");
            await BeginAsync(services, settings, policies, cancellation);
        }
        catch (NpgsqlException e)
        {
            throw new StartRefusedException($"The database could not be set up: {e.Message} Check the rights of the user of ConnectionStrings__CommandCenter, or start once as its owner.", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StartRefusedException($"The data folder {settings.DataFolder} cannot be used: {e.Message} Set CommandCenter__DataFolder to a folder that this user may write.", e);
        }
    }
}
