import { endStages, hasEnded, levels, openStages, sectors, type CaseSummary, type Level, type OpenStage, type Role, type Sector, type Stage, type Urgency } from '../api/types'
import { startOfDay } from '../live/countdown'
import { standings, todays, type CaseFilter, type Standing, type Today } from '../parts/deskLink'

const stages: readonly Stage[] = [...openStages, ...endStages]
const urgencies: readonly Urgency[] = ['normal', 'urgent', 'emergency']
const soon = 24 * 3600_000

/** Each once, in the order of the link; none of them means no such filter. */
function some<T extends string>(list: readonly T[], value: string | null): T[] | undefined {
  const known = [...new Set(value?.split(','))].flatMap((name) => one(list, name) ?? [])
  return known.length > 0 ? known : undefined
}

const one = <T extends string>(list: readonly T[], value: string | null): T | undefined => list.find((candidate) => candidate === value)

/** Reads what a link says; a word that means nothing is left out rather than shown as an empty list. */
export function readFilter(search: string): CaseFilter & { case?: string } {
  const query = new URLSearchParams(search)
  const filter: CaseFilter & { case?: string } = {
    scope: query.get('scope') ?? undefined,
    words: query.get('words')?.slice(0, 100) || undefined,
    stages: some(stages, query.get('stage')),
    sector: one<Sector>(sectors, query.get('sector')),
    unit: query.get('unit') ?? undefined,
    spot: query.get('spot') || undefined,
    level: one<Level>(levels, query.get('level')),
    today: one<Today>(todays, query.get('today')),
    late: query.get('late') === 'true' || undefined,
    open: query.get('open') === 'true' || undefined,
    dueSoon: query.get('dueSoon') === 'true' || undefined,
    standing: one<Standing>(standings, query.get('standing')),
    urgency: one<Urgency>(urgencies, query.get('urgency')),
    case: query.get('case') ?? undefined,
  }
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}

export const isOpen = (item: CaseSummary): boolean => !hasEnded(item.stage)

/** The first of the running clocks; like the host, which counts a case as late from that instant on. */
function lateAt(item: CaseSummary): number {
  const clocks = [item.dueAt, item.hardLimitAt].filter((at) => at !== undefined).map((at) => Date.parse(at))
  return clocks.length > 0 && isOpen(item) ? Math.min(...clocks) : Infinity
}

/** A deadline passes without an event, so the page's own clock has a say beside the host's word. */
export const isLate = (item: CaseSummary, now: number): boolean => item.late || lateAt(item) <= now

export const isDueSoon = (item: CaseSummary, now: number): boolean => !isLate(item, now) && lateAt(item) <= now + soon

export const stands = (item: CaseSummary, standing: Standing): boolean => (standing === 'listed' ? item.listedUntil !== undefined : item[standing])

/** What can be told from the summary itself; which cases were filed or escalated today only the host knows. */
export function matches(item: CaseSummary, filter: CaseFilter, now: number, timeZone: string): boolean {
  if (filter.stages && !filter.stages.includes(item.stage)) return false
  if (filter.sector && item.sector !== filter.sector) return false
  if (filter.unit && item.unit !== filter.unit) return false
  if (filter.spot && item.spot !== filter.spot) return false
  if (filter.scope && !item.area.startsWith(filter.scope)) return false
  if (filter.open && !isOpen(item)) return false
  if (filter.late && !isLate(item, now)) return false
  if (filter.level && item.level !== filter.level) return false
  if (filter.dueSoon && !isDueSoon(item, now)) return false
  if (filter.urgency && item.urgency !== filter.urgency) return false
  if (filter.standing && !stands(item, filter.standing)) return false
  if (filter.today === 'reported') return Date.parse(item.reportedAt) >= startOfDay(now, timeZone)
  if (filter.today === 'closed') return item.closedAt !== undefined && Date.parse(item.closedAt) >= startOfDay(now, timeZone)
  return true
}

const weight = { emergency: 0, urgent: 1, normal: 1 } as const

/** Danger to life first, then whatever is due soonest. */
export function byPressure(a: CaseSummary, b: CaseSummary): number {
  const due = (item: CaseSummary) => item.dueAt ?? item.hardLimitAt ?? item.reportedAt
  return weight[a.urgency] - weight[b.urgency] || Number(a.dueAt === undefined) - Number(b.dueAt === undefined) || due(a).localeCompare(due(b))
}

export type Queue = OpenStage | 'unit' | 'incoming' | 'open' | 'all'

/** The queues that are a role's own work, the most pressing first; the others stand below them. */
export function ownQueues(role: Role | undefined): Queue[] {
  switch (role) {
    case 'center_operator':
      return ['reported', 'incoming', 'transferring', 'verified', 'rated']
    case 'dispatcher':
      return ['filed', 'reported', 'incoming', 'rated']
    case 'post_handler':
      return ['dispatched', 'handling']
    case 'department':
      return ['unit', 'filed']
    case 'village_secretary':
      return ['assessing', 'completed', 'checking', 'unit']
    case 'grid_worker':
      return ['checking', 'completed', 'unit']
    default:
      return []
  }
}
