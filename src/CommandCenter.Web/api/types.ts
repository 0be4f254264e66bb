import type { components } from './schema'

type Schemas = components['schemas']

/** The wire leaves missing values out; a generator that also allows null must not burden every reader. */
type Present<T> = T extends null | undefined ? never : T extends readonly (infer U)[] ? Present<U>[] : T extends object ? { [K in keyof T]: Present<T[K]> | Extract<T[K], undefined> } : T

export type Organization = Present<Schemas['OrganizationView']>
export type Area = Organization['areas'][number]
export type Person = Organization['people'][number]
export type Seat = Person['roles'][number]
export type Post = Organization['posts'][number]
export type Category = Organization['categories'][number]
export type Sector = Category['sector']
export type Role = Seat['role']

export type GridAt = Present<Schemas['GridAtView']>
export type PhotoReceipt = Present<Schemas['PhotoReceipt']>
export type ReportCase = Present<Schemas['ReportCaseRequest']>
export type CaseReceipt = Present<Schemas['CaseReceipt']>
export type CaseSummary = Present<Schemas['CaseSummary']>
export type CaseDetail = Present<Schemas['CaseDetail']>
export type CaseList = { items: CaseSummary[]; next?: string }
export type Stage = CaseSummary['stage']
export type Urgency = CaseSummary['urgency']
export type ClockName = NonNullable<CaseSummary['clock']>
export type Level = NonNullable<CaseSummary['level']>
export type Sealed = Present<Schemas['SealedView']>
export type HistoryItem = Present<Schemas['HistoryItem']>
export type Deadline = Present<Schemas['DeadlineView']>
export type Limit = Deadline['limit']

export type Board = Present<Schemas['BoardView']>
export type SectorPanel = Board['sectors'][number]
export type UrgentCase = SectorPanel['urgent'][number]
export type FeedItem = Board['feed'][number]
/** Sent by the hub: what changed since the position that the wall holds. */
export type BoardDelta = { scope: string; from: string; to: string; at: string } & Partial<Omit<Board, 'scope' | 'position' | 'at'>>

export type Inbox = Present<Schemas['InboxView']>
export type Notice = Inbox['items'][number]
export type Problem = Omit<Present<Schemas['Problem']>, 'possible'> & { possible?: string[] }

export const sectors = ['party_building', 'economy', 'livelihood', 'safety_and_law'] as const satisfies readonly Sector[]
export const openStages = ['reported', 'filed', 'dispatched', 'handling', 'completed', 'verified', 'rated'] as const satisfies readonly Stage[]
export const levels = ['responsible', 'sector_lead', 'town_leader', 'listed_supervision'] as const satisfies readonly Level[]
export const urgencies = ['normal', 'urgent', 'emergency'] as const satisfies readonly Urgency[]
export type OpenStage = (typeof openStages)[number]

export const commands = ['file', 'refuse', 'dispatch', 'claim', 'return', 'complete', 'verify', 'rate', 'close'] as const
export type Command = (typeof commands)[number]
