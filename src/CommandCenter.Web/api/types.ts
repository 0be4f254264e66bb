import type { components } from './schema'

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

export type Organization = Wire<Schemas['OrganizationView']>
export type Area = Organization['areas'][number]
export type Person = Organization['people'][number]
export type Seat = Person['roles'][number]
export type Post = Organization['posts'][number]
export type Category = Organization['categories'][number]
export type Sector = Category['sector']
export type Role = Seat['role']

export type GridAt = Wire<Schemas['GridView']>
export type PhotoReceipt = Wire<Schemas['PhotoReceipt']>
export type ReportCase = Wire<Schemas['ReportCaseRequest']>
export type CommandReceipt = Wire<Schemas['CommandReceipt']>
export type CaseSummary = Wire<Schemas['CaseListItem']>
export type CaseDetail = Wire<Schemas['CaseDetail']>
export type CaseList = Wire<Schemas['CaseList']>
export type Stage = CaseSummary['stage']
export type Urgency = CaseSummary['urgency']
export type ClockName = NonNullable<CaseSummary['clock']>
export type Level = NonNullable<CaseSummary['level']>
export type Sealed = Wire<Schemas['PersonalValue']>
export type HistoryItem = Omit<Wire<Schemas['HistoryItem']>, 'data'> & { data: Record<string, unknown> }
export type Deadline = Omit<Wire<Schemas['DeadlineView']>, 'dueAt'> & { dueAt: string }
export type Limit = Deadline['limit']

export type Board = Wire<Schemas['BoardView']>
export type SectorPanel = Board['sectors'][number]
export type UrgentCase = SectorPanel['urgent'][number]
export type FeedItem = Board['feed'][number]
/** Sent by the hub: what changed since the frame that the wall holds. */
export type BoardDelta = { scope: string; from: string; to: string; frame: number; at: string } & Partial<Omit<Board, 'scope' | 'position' | 'frame' | 'at'>>

export type Inbox = Wire<Schemas['InboxPage']>
export type Notice = Inbox['items'][number]
export type Problem = Wire<Schemas['Problem']>

export const sectors = ['party_building', 'economy', 'livelihood', 'safety_and_law'] as const satisfies readonly Sector[]
export const openStages = ['reported', 'filed', 'dispatched', 'handling', 'completed', 'verified', 'rated'] as const satisfies readonly Stage[]
export const levels = ['responsible', 'sector_lead', 'town_leader', 'listed_supervision'] as const satisfies readonly Level[]
/** The figures of a panel are named in camelCase, the levels of a case in snake_case. */
export const levelFigure = { responsible: 'responsible', sector_lead: 'sectorLead', town_leader: 'townLeader', listed_supervision: 'listedSupervision' } as const satisfies Record<Level, keyof SectorPanel['levels']>
export const urgencies = ['normal', 'urgent', 'emergency'] as const satisfies readonly Urgency[]
export type OpenStage = (typeof openStages)[number]

export const commands = ['file', 'refuse', 'dispatch', 'claim', 'return', 'recall', 'complete', 'verify', 'rate', 'close'] as const
export type Command = (typeof commands)[number]
