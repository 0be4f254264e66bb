import type { components, paths } from './schema'

type Schemas = components['schemas']

/** Instants that the document calls present although they are missing until they have happened. */
type LaterInstant = 'dueAt' | 'hardLimitAt' | 'closedAt' | 'stoppedAt' | 'readAt'
type MayBeMissing<T, K extends keyof T> = null extends T[K] ? true : undefined extends T[K] ? true : K extends LaterInstant ? true : false

/** As it comes over the wire: what has no value is missing, never null. */
type Wire<T> = T extends readonly (infer U)[]
  ? Wire<U>[]
  : T extends object
    ? { [K in keyof T as MayBeMissing<T, K> extends true ? never : K]: Wire<T[K]> } & { [K in keyof T as MayBeMissing<T, K> extends true ? K : never]?: Wire<NonNullable<T[K]>> }
    : T

/** A department of the district, with the categories that it is competent for. */
export interface Department {
  code: string
  name: string
  nameEn: string
  remit: string[]
}
/** When a matter may be closed, in words and as what the host checks. */
export interface ClosingStandard {
  zh: string
  en: string
  photoNeeded?: boolean
  ratingNeeded?: boolean
}
export type Category = Omit<Wire<Schemas['Category']>, 'closing'> & { closing?: ClosingStandard }
/** A template that calls several departments at once (一件事). */
export interface OneMatter {
  code: string
  name: string
  nameEn: string
  departments: string[]
}
export type Organization = Omit<Wire<Schemas['OrganizationView']>, 'categories' | 'departments' | 'on' | 'former' | 'successions' | 'oneMatters'> & { categories: Category[]; departments?: Department[]; former?: Former; oneMatters?: OneMatter[] }
/** What was part of the organization and is not any more: only its names are of use. */
export type Former = Wire<Schemas['FormerViews']>
export type Area = Organization['areas'][number]
export type Person = Organization['people'][number]
export type Seat = Person['roles'][number]
export type Post = Organization['posts'][number]
export type Sector = Category['sector']
export type Role = Seat['role']

export type GridAt = Wire<Schemas['GridView']>
export type FileReceipt = Wire<Schemas['FileReceipt']>
export type UploadView = Omit<Wire<Schemas['UploadView']>, 'file'> & { file?: FileReceipt }
export type AttachmentView = Wire<Schemas['AttachmentView']>
export type MediaKind = FileReceipt['kind']
export type ReportCase = Wire<Schemas['ReportCaseRequest']>
export type ReportSolvedCase = Wire<Schemas['ReportSolvedCaseRequest']>
export type CommandReceipt = Wire<Schemas['CommandReceipt']>
export type CaseSummary = Wire<Schemas['CaseListItem']>
/** The document does not say what lists of codes hold. */
export type CaseDetails = Omit<Wire<Schemas['CaseDetails']>, 'formerAreas' | 'returnedBy'> & { formerAreas: string[]; returnedBy: string[] }
export type CaseDetail = Omit<Wire<Schemas['CaseDetail']>, 'details'> & { details: CaseDetails }
export type CaseList = Wire<Schemas['CaseList']>
export type Stage = CaseSummary['stage']
export type Urgency = CaseSummary['urgency']
export type ClockName = NonNullable<CaseSummary['clock']>
export type Level = NonNullable<CaseSummary['level']>
export type Matter = NonNullable<CaseDetails['level']>
export type CaseSource = CaseDetail['source']
export type Sealed = Wire<Schemas['PersonalValue']>
export type SpotView = Wire<Schemas['SpotView']>
export type SpotList = Wire<Schemas['SpotList']>
export type SpotListItem = SpotList['items'][number]
export type HistoryItem = Omit<Wire<Schemas['HistoryItem']>, 'data'> & { data: Record<string, unknown> }
export type Deadline = Wire<Schemas['DeadlineView']>
export type Limit = Deadline['limit']

/** These always have their limit. */
type Due<T> = Omit<T, 'dueAt'> & { dueAt: string }
export type TaskItem = Due<Wire<Schemas['TaskListItem']>>
export type TaskPage = { items: TaskItem[]; next?: string }
/** What has to be shown when a task is done. */
export interface Evidence {
  text?: boolean
  photos?: number
}
export type TaskDetail = Omit<Due<Wire<Schemas['TaskDetail']>>, 'evidence'> & { evidence: Evidence }
export type TaskEvent = TaskDetail['history'][number]
export type TaskStage = TaskItem['stage']
export type TaskActor = TaskDetail['issuer']
export type TaskListRow = Wire<Schemas['TaskListRow']>
export type TaskListPage = { items: TaskListRow[]; next?: string }
export type TaskListItem = Due<Omit<Wire<Schemas['TaskItemView']>, 'targets' | 'evidence'>> & { targets?: string[]; evidence: Evidence }
export type TaskListDetail = Omit<Wire<Schemas['TaskListDetail']>, 'items' | 'targets'> & { items: TaskListItem[]; targets: string[] }
export type TaskListStage = TaskListRow['stage']
export type TaskListAccount = Wire<Schemas['TaskListAccount']>
export type TargetAccount = TaskListAccount['targets'][number]
export type DraftTaskList = Wire<Schemas['DraftTaskListRequest']>

export type WhistleItem = Wire<Schemas['WhistleListItem']>
export type WhistlePage = { items: WhistleItem[]; next?: string }
export type WhistleCall = Omit<Wire<Schemas['CallView']>, 'past'> & { past: { unit: string; declined?: boolean }[] }
export type WhistleEvent = Omit<Wire<Schemas['WhistleHistoryItem']>, 'units'> & { units?: string[] }
export type WhistleDetail = Omit<Wire<Schemas['WhistleDetail']>, 'calls' | 'history' | 'sectors'> & { calls: WhistleCall[]; history: WhistleEvent[] }
export type WhistleStage = WhistleItem['stage']
export type CallStage = WhistleCall['stage']
export type WhistleResponse = Wire<Schemas['WhistleResponse']>

export type MeetingItem = Wire<Schemas['MeetingListItem']>
export type MeetingPage = { items: MeetingItem[]; next?: string }
export type MeetingDetail = Wire<Schemas['MeetingDetail']>
export type MeetingLine = MeetingDetail['lines'][number]
export type MeetingStage = MeetingItem['stage']
export type MeetingPolicy = Omit<Wire<Schemas['MeetingPolicy']>, 'tiers'> & { tiers: { tier: MeetingItem['tier']; hosts: Role[]; areas: Area['level'][] }[] }
export type AgendaItems = Wire<Schemas['AgendaItems']>
export type AgendaDetail = Omit<Wire<Schemas['AgendaDetail']>, 'items' | 'meetings'> & { items: AgendaItem[]; meetings: (Omit<Wire<Schemas['AgendaMeetingView']>, 'missed'> & { missed: number[] })[] }
export type AgendaItem = Omit<Wire<Schemas['AgendaItemView']>, 'missedMeetings'> & { missedMeetings: number[] }
export type AgendaItemStage = AgendaItems['items'][number]['stage']
export type AgendaMeetingStage = AgendaDetail['meetings'][number]['stage']
export type ListingItem = Due<Wire<Schemas['ListingItem']>>
export type ListingItems = { items: ListingItem[] }
export type ListingDetail = Omit<Wire<Schemas['ListingDetail']>, 'rounds' | 'ahead'> & { rounds: ListingItem[]; ahead: { name: string; dueAt: string; raises: boolean }[] }
export type ListingStage = ListingItems['items'][number]['stage']
export type ReviewItems = Wire<Schemas['ReviewItems']>
export type ReviewDetail = Wire<Schemas['ReviewDetail']>
export type ReviewStage = ReviewItems['items'][number]['stage']
export type GuidanceItems = Wire<Schemas['GuidanceItems']>
export type GuidanceDetail = Wire<Schemas['GuidanceDetail']>
export type GuidanceStage = GuidanceItems['items'][number]['stage']
export type PolicyView = Wire<Schemas['PolicyView']>
export type PolicyVersion = Wire<Schemas['PolicyVersionView']>
export type PolicyVersions = { items: PolicyVersion[] }
export type PolicyChange = Wire<Schemas['PolicyChange']>
export type PolicyDifferences = { from: string; to: string; items: PolicyChange[] }
export type PolicyAnswer = Omit<Wire<Schemas['PolicyAnswer']>, 'years' | 'preview'> & { years?: number[]; preview?: PolicyChange[] }
/** The document does not say what lists of days hold. */
export interface WorkingCalendar {
  years: { year: number; announced: boolean; source: { title: string; url?: string }; holidays: { zh: string; en: string; from: string; to: string; workdays: string[] }[] }[]
  hours: { rules: { town?: string; season?: { from: string; to: string }; spans: string[] }[] }
}
/** The document does not say what lists of texts hold. */
export type AdmissionList = Omit<Wire<Schemas['AdmissionListView']>, 'matters'> & { matters: string[] }
export type Addition = Omit<Wire<Schemas['AdditionView']>, 'possible'> & { possible: string[] }
export type Admissions = Omit<Wire<Schemas['AdmissionView']>, 'inForce' | 'lists' | 'additions' | 'possible'> & { inForce?: AdmissionList; lists: AdmissionList[]; additions?: Addition[]; possible: string[] }
export type AdditionStage = Addition['stage']
export type Matters = { area: string; items: MatterAt[] }
/** A matter of the catalogue with the three tiers that it may be given to at a place. */
export type MatterAt = Omit<Wire<Schemas['MatterView']>, 'tiers'> & { tiers: MatterTier[] }
export type MatterTier = Wire<Schemas['MatterTier']>
export type ListAnswer = Wire<Schemas['ListAnswer']>

/** Who is on duty; the document does not say what lists of numbers hold. */
export type OnDuty = Wire<Schemas['OnDuty']>
export type DutyShift = Omit<Wire<Schemas['ShiftView']>, 'follows'> & { follows: number[] }
export type DutyRoster = Omit<Wire<Schemas['DutyView']>, 'shifts' | 'possible'> & { shifts: DutyShift[]; possible: string[] }
export type OpenMatter = Wire<Schemas['OpenMatter']>
export type OpenMatters = { open: OpenMatter[] }
export type Absences = Omit<Wire<Schemas['AbsencesView']>, 'mayEnterOf'> & { mayEnterOf: string[] }

export type BorderFeature = Omit<Wire<Schemas['BorderFeature']>, 'geometry'> & { geometry: { type: string; coordinates: number[][][][] } }
export type BorderCollection = { type: string; features: BorderFeature[] }

export type Board = Wire<Schemas['BoardView']>
export type SectorPanel = Board['sectors'][number]
export type AlarmLine = Board['alarms']['lines'][number]
export type PlaceFigures = Board['places'][number]
export type GridFigures = Board['grids'][number]
export type MonthFigures = Board['month']
export type WeekFigures = Board['week']
export type UrgentCase = SectorPanel['urgent'][number]
export type FeedItem = Board['feed'][number]
/** Sent by the hub: what changed since the frame that the wall holds. */
export type BoardDelta = { scope: string; from: string; to: string; frame: number; at: string } & Partial<Omit<Board, 'scope' | 'position' | 'frame' | 'at'>>

export type CaseNotices = Wire<Schemas['CaseNotices']>
export type CaseNotice = CaseNotices['items'][number]
export type OutboxView = Wire<Schemas['OutboxView']>
export type DeadLetter = OutboxView['deadLetters'][number]
export type TaskScores = Wire<Schemas['TaskScores']>
export type TaskScore = TaskScores['items'][number]
/** A score is counted when its list is closed. */
export type ListScores = Omit<Wire<Schemas['ListScores']>, 'items'> & { items: (Wire<Schemas['ListScore']> & { closedAt: string })[] }
export type YardAccounts = Wire<Schemas['YardAccounts']>
export type YardAccount = YardAccounts['items'][number]
export type YardHistory = Omit<Wire<Schemas['YardHistory']>, 'items'> & { items: { meeting: MeetingItem; lines: MeetingLine[] }[] }

export type StatisticsView = Wire<Schemas['StatisticsView']>
export type StatisticsGroup = StatisticsView['items'][number]
export type FigureValue = StatisticsGroup['figures'][number]
export type Grouping = NonNullable<StatisticsView['by']>
/** The document does not say what lists of codes hold. */
export type FigureView = Omit<Wire<Schemas['FigureView']>, 'sum'> & { sum?: string[] }
export type FigureKind = FigureView['kind']
export type CountedCases = Wire<Schemas['StatisticsCases']>
export type CountedCase = CountedCases['items'][number]

export type Inbox = Wire<Schemas['InboxPage']>
export type Notice = Inbox['items'][number]
export type LastChange = Wire<Schemas['LastChangeView']>
export type Problem = Wire<Schemas['Problem']>

export const sectors = ['party_building', 'economy', 'livelihood', 'safety_and_law'] as const satisfies readonly Sector[]
/** The figures of a panel's funnel. */
export const funnelStages = ['reported', 'filed', 'dispatched', 'handling', 'completed', 'verified', 'rated'] as const satisfies readonly Stage[]
/** What the funnel's first figure counts: what lies with a village, a checker or another town is not filed either. */
export const beforeFiling = ['reported', 'assessing', 'checking', 'transferring'] as const satisfies readonly Stage[]
export const openStages = ['assessing', 'reported', 'checking', 'transferring', 'filed', 'dispatched', 'handling', 'completed', 'verified', 'rated'] as const satisfies readonly Stage[]
export const endStages = ['closed', 'refused', 'redirected', 'merged', 'split'] as const satisfies readonly Stage[]
export const levels = ['responsible', 'sector_lead', 'town_leader', 'committee', 'listed_supervision'] as const satisfies readonly Level[]
/** The figures of a panel are named in camelCase, the levels of a case in snake_case. */
export const levelFigure = { responsible: 'responsible', sector_lead: 'sectorLead', town_leader: 'townLeader', committee: 'committee', listed_supervision: 'listedSupervision' } as const satisfies Record<Level, keyof SectorPanel['levels']>
export const urgencies = ['normal', 'urgent', 'emergency'] as const satisfies readonly Urgency[]
export type OpenStage = (typeof openStages)[number]
export type FunnelStage = (typeof funnelStages)[number]
/** The stages behind a figure of the funnel. */
export const stagesOf = (figure: FunnelStage): Stage[] => (figure === 'reported' ? [...beforeFiling] : [figure])
export const hasEnded = (stage: Stage): boolean => endStages.some((end) => end === stage)
export const checkFindings = ['confirmed', 'partly', 'not_found'] as const satisfies readonly NonNullable<CaseDetails['check']>['finding'][]
export const matters = ['village', 'town', 'district'] as const satisfies readonly Matter[]

/** The part of `POST /api/cases/{id}/…` that names what a person does. */
export type Command = Exclude<keyof paths extends infer P ? (P extends `/api/cases/{id}/${infer Name}` ? (Name extends `${string}/${string}` ? never : Name) : never) : never, 'history' | 'deadlines' | 'notices'>
